@NullMarked
package io.postpaid.explain;

import org.jspecify.annotations.NullMarked;
