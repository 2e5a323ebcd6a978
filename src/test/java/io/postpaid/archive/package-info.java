@NullMarked
package io.postpaid.archive;

import org.jspecify.annotations.NullMarked;
