@NullMarked
package io.postpaid.report;

import org.jspecify.annotations.NullMarked;
