@NullMarked
package io.postpaid.bench;

import org.jspecify.annotations.NullMarked;
