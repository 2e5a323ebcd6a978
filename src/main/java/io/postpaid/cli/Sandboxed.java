package io.postpaid.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A command that reaches Stripe or a mail server: without a key for Stripe it runs in sandbox mode. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface Sandboxed {
    /** In sandbox mode whatever keys and servers the environment names. */
    boolean always() default false;
}
