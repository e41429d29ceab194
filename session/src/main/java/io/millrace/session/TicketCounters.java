package io.millrace.session;

import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of a {@link SessionCache}, striped. Adding is wait-free. */
final class TicketCounters {
    static final int PUT = 0;
    static final int GIVEN_BACK = 1;
    static final int TAKEN = 2;
    static final int EXPIRED = 3;
    static final int EVICTED = 4;
    static final int REFUSED = 5;

    private final AtomicLongArray stripes = new AtomicLongArray((Stripe.COUNT + 1) * Stripe.LONGS);

    void add(final int counter, final long count) {
        stripes.getAndAdd((Stripe.mine() + 1) * Stripe.LONGS + counter, count);
    }

    long sum(final int counter) {
        long sum = 0;
        for (int i = 1; i <= Stripe.COUNT; i++) {
            sum += stripes.get(i * Stripe.LONGS + counter);
        }
        return sum;
    }
}
