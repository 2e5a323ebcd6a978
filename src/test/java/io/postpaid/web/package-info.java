@NullUnmarked
package io.postpaid.web;

import org.jspecify.annotations.NullUnmarked;
