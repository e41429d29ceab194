package io.millrace.transport.aeron;

import io.millrace.ring.ThreadParker;
import java.util.concurrent.TimeUnit;

/** Short sleeps of a thread that waits for the driver. */
final class Naps {
    private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private Naps() {}

    static void nap() {
        new ThreadParker().park(NAP_NS);
    }
}
