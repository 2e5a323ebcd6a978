/** Postpaid, the batch billing engine for pay-as-you-go APIs. */
@NullMarked
package io.postpaid;

import org.jspecify.annotations.NullMarked;
