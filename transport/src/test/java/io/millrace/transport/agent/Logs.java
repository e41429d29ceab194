package io.millrace.transport.agent;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Something is logged in this test that is not silent by default, and has to be. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Logs {
    /**
     * Why.
     *
     * @return a few words.
     */
    String value();
}
