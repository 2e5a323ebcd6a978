@NullUnmarked
package io.postpaid.account;

import org.jspecify.annotations.NullUnmarked;
