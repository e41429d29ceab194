package io.millrace.jmh.demo;

/** The demo can't run; the message is one sentence for its user. */
final class DemoException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoException(final String sentence) {
        super(sentence);
    }
}
