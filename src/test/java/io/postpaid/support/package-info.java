/** What tests share: a real PostgreSQL, and the application on it. */
@NullMarked
package io.postpaid.support;

import org.jspecify.annotations.NullMarked;
