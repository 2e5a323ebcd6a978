@NullUnmarked
package io.postpaid.pricebook;

import org.jspecify.annotations.NullUnmarked;
