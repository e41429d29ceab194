package io.millrace.session;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A fixed number of permits, in stripes so that threads do not meet on one counter: a thread gives back to its own
 * stripe and takes from it first, then half of what it finds in another. Never more are out than there are; while a
 * permit is on its way between stripes another thread may miss it, so with few permits there is one stripe.
 *
 * <p>Lock-free; {@code release} is wait-free.
 */
final class Permits {
    private static final int MIN_PER_STRIPE = 256;

    private final AtomicLongArray stripes;
    private final int mask;

    Permits(final int count) {
        final int wanted = Math.min(Stripe.COUNT, Math.max(1, count / MIN_PER_STRIPE));
        mask = Integer.highestOneBit(wanted) - 1;
        stripes = new AtomicLongArray((mask + 2) * Stripe.LONGS);
        for (int i = 0; i <= mask; i++) {
            final int share = count / (mask + 1) + (i < count % (mask + 1) ? 1 : 0);
            stripes.setPlain(index(i), share);
        }
    }

    boolean tryAcquire() {
        final int home = Stripe.mine() & mask;
        for (int i = 0; i <= mask; i++) {
            final int index = index((home + i) & mask);
            long found = stripes.get(index);
            while (found > 0) {
                final long taken = i == 0 ? 1 : (found + 1) >>> 1;
                if (stripes.compareAndSet(index, found, found - taken)) {
                    if (taken > 1) {
                        release(taken - 1);
                    }
                    return true;
                }
                found = stripes.get(index);
            }
        }
        return false;
    }

    void release(final long count) {
        stripes.getAndAdd(index(Stripe.mine() & mask), count);
    }

    private static int index(final int stripe) {
        return (stripe + 1) * Stripe.LONGS;
    }
}
