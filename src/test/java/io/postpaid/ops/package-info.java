@NullUnmarked
package io.postpaid.ops;

import org.jspecify.annotations.NullUnmarked;
