@NullMarked
package io.postpaid.usage;

import org.jspecify.annotations.NullMarked;
