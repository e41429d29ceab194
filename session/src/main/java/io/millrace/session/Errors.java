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

    /** Throws it as it is, even if it is checked: other languages than Java throw that without a declaration. */
    static void rethrow(final Throwable first) {
        if (first != null) {
            Errors.<RuntimeException>sneak(first);
        }
    }

    @SuppressWarnings("unchecked") // Erased: nothing is cast.
    private static <E extends Throwable> void sneak(final Throwable thrown) throws E {
        throw (E) thrown;
    }
}
