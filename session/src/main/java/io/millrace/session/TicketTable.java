package io.millrace.session;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A fixed array of buckets, each one reference to an immutable chain of pools. The number of keys is bounded, so the
 * table never grows, and a key lives and dies within one bucket.
 */
final class TicketTable {
    /** Up to so many buckets the least recently used key is found exactly, beyond by a sample. */
    private static final int MAX_EXACT = 256;

    private static final int SAMPLE = 32;

    private final AtomicReferenceArray<TicketPool> buckets;
    private final int mask;

    TicketTable(final int maxKeys) {
        final int length = maxKeys <= 1 ? 1 : Integer.highestOneBit(maxKeys - 1) << 1;
        buckets = new AtomicReferenceArray<>(length);
        mask = length - 1;
    }

    int length() {
        return mask + 1;
    }

    int bucketOf(final SessionKey key) {
        final int hash = key.hashCode() * 0x9E37_79B9;
        return (hash ^ hash >>> 16) & mask;
    }

    TicketPool get(final int bucket) {
        return buckets.getAcquire(bucket);
    }

    boolean compareAndSet(final int bucket, final TicketPool before, final TicketPool after) {
        return buckets.compareAndSet(bucket, before, after);
    }

    TicketPool close(final int bucket) {
        return buckets.getAndSet(bucket, TicketPool.CLOSED);
    }

    /** The pool that was not used for longest, of all or of a sample, or null if there is none but the excepted key's. */
    TicketPool leastRecentlyUsed(final SessionKey except) {
        final boolean exact = length() <= MAX_EXACT;
        final int start = exact ? 0 : ThreadLocalRandom.current().nextInt(length());
        TicketPool least = null;
        int seen = 0;
        for (int i = 0; i <= mask && (exact || seen < SAMPLE); i++) {
            for (TicketPool pool = get((start + i) & mask); pool != null && pool.key != null; pool = pool.next) {
                if (!pool.key.equals(except)) {
                    seen++;
                    if (least == null || pool.usedAtMs < least.usedAtMs) {
                        least = pool;
                    }
                }
            }
        }
        return least;
    }
}
