@NullMarked
package io.postpaid.gate;

import org.jspecify.annotations.NullMarked;
