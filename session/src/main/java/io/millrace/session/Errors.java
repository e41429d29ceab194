package io.millrace.session;

import java.util.concurrent.atomic.AtomicLong;

/** Keeps the first of several errors while the work goes on, so that one bad listener silences no other. */
final class Errors {
    /** How many errors one is thrown with as suppressed ones; those beyond are counted. */
    static final int MAX_SUPPRESSED = 8;

    private Errors() {}

    static Throwable join(final Throwable first, final Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            suppress(first, next);
        }
        return first;
    }

    private static void suppress(final Throwable first, final Throwable next) {
        final Throwable[] kept = first.getSuppressed();
        if (kept.length < MAX_SUPPRESSED) {
            first.addSuppressed(next);
        } else if (kept[kept.length - 1] instanceof LeftOut leftOut) {
            leftOut.count.incrementAndGet();
        } else {
            first.addSuppressed(new LeftOut());
        }
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

    /** Stands for the errors that are not kept. Atomic, for a listener may throw the same object on every thread. */
    private static final class LeftOut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final AtomicLong count = new AtomicLong(1);

        LeftOut() {
            super(null, null, false, false);
        }

        @Override
        public String getMessage() {
            return "more errors, which are not kept: count=" + count;
        }
    }
}
