package io.postpaid.web.console;

import io.postpaid.web.Open;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.web.bind.annotation.RestController;

/** Pages for operators: a session opens them ({@link ConsoleSecurity}), and what fails is a page ({@link ConsoleErrors}). */
@Open
@RestController
@ConditionalOnWebApplication
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface ConsolePages {}
