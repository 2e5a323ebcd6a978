@NullMarked
package io.postpaid.rating;

import org.jspecify.annotations.NullMarked;
