@NullMarked
package io.postpaid.dunning;

import org.jspecify.annotations.NullMarked;
