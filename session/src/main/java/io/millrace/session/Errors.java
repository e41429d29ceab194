package io.millrace.session;

/** Keeps the first of several errors while the work goes on, so that one bad listener silences no other. */
final class Errors {
    private Errors() {}

    static Throwable join(final Throwable first, final Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }

    static void rethrow(final Throwable first) {
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw (RuntimeException) first;
        }
    }
}
