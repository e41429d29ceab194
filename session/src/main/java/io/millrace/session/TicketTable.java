package io.millrace.session;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A fixed array of buckets, each one reference to an immutable array of pools. The number of keys is bounded, so the
 * table never grows, and a key lives and dies within one bucket. Lock-free; {@code find} is wait-free.
 */
final class TicketTable {
    /** Up to so many buckets the least recently used key is found exactly, beyond by a sample. */
    private static final int MAX_EXACT = 256;

    private static final int SAMPLE = 32;
    private static final TicketPool[] EMPTY = {};
    private static final TicketPool[] CLOSED = {};

    private final AtomicReferenceArray<TicketPool[]> buckets;
    private final int mask;

    TicketTable(final int maxKeys) {
        final int length = maxKeys <= 1 ? 1 : Integer.highestOneBit(maxKeys - 1) << 1;
        buckets = new AtomicReferenceArray<>(length);
        mask = length - 1;
        for (int i = 0; i < length; i++) {
            buckets.setRelease(i, EMPTY);
        }
    }

    TicketPool find(final SessionKey key) {
        return find(buckets.getAcquire(bucketOf(key)), key);
    }

    boolean isClosed(final SessionKey key) {
        return buckets.getAcquire(bucketOf(key)) == CLOSED;
    }

    /** Adds a pool: false if its key has one, or if the table is closed. */
    boolean add(final TicketPool pool) {
        final int bucket = bucketOf(pool.key);
        while (true) {
            final TicketPool[] before = buckets.getAcquire(bucket);
            if (before == CLOSED || find(before, pool.key) != null) {
                return false;
            }
            final TicketPool[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = pool;
            if (buckets.compareAndSet(bucket, before, after)) {
                return true;
            }
        }
    }

    /** Removes a dead pool, if it is there still: everybody may, who meets it. */
    void remove(final TicketPool pool) {
        final int bucket = bucketOf(pool.key);
        while (true) {
            final TicketPool[] before = buckets.getAcquire(bucket);
            if (find(before, pool.key) != pool) {
                return;
            }
            final TicketPool[] after =
                    Arrays.stream(before).filter(other -> other != pool).toArray(TicketPool[]::new);
            if (buckets.compareAndSet(bucket, before, after.length == 0 ? EMPTY : after)) {
                return;
            }
        }
    }

    /** Calls a consumer with every pool, even if it throws; then throws the first error. */
    void forEach(final Consumer<TicketPool> consumer) {
        visit(buckets::getAcquire, consumer);
    }

    /** Lets no pool in any more, and calls a consumer with those that were. */
    void close(final Consumer<TicketPool> consumer) {
        visit(bucket -> buckets.getAndSet(bucket, CLOSED), consumer);
    }

    private void visit(final IntFunction<TicketPool[]> load, final Consumer<TicketPool> consumer) {
        Throwable first = null;
        for (int i = 0; i <= mask; i++) {
            for (final TicketPool pool : load.apply(i)) {
                try {
                    consumer.accept(pool);
                } catch (final Throwable ex) {
                    first = Errors.join(first, ex);
                }
            }
        }
        Errors.rethrow(first);
    }

    /**
     * A pool without tickets, or else the one that was not used for longest, of all or of a sample; null if there is none
     * but the excepted key's.
     */
    TicketPool leastRecentlyUsed(final SessionKey except) {
        final boolean exact = mask < MAX_EXACT;
        final int start = exact ? 0 : ThreadLocalRandom.current().nextInt(mask + 1);
        TicketPool least = null;
        int seen = 0;
        for (int i = 0; i <= mask && (exact || seen < SAMPLE); i++) {
            for (final TicketPool pool : buckets.getAcquire((start + i) & mask)) {
                if (!pool.key.equals(except)) {
                    if (pool.tickets() == null) {
                        return pool;
                    }
                    seen++;
                    least = least == null || pool.usedAtMs() < least.usedAtMs() ? pool : least;
                }
            }
        }
        return least;
    }

    private int bucketOf(final SessionKey key) {
        final int hash = key.hashCode() * 0x9E37_79B9;
        return (hash ^ hash >>> 16) & mask;
    }

    private static TicketPool find(final TicketPool[] pools, final SessionKey key) {
        for (final TicketPool pool : pools) {
            if (key.equals(pool.key)) {
                return pool;
            }
        }
        return null;
    }
}
