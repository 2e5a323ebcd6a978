@NullMarked
package io.postpaid.payment;

import org.jspecify.annotations.NullMarked;
