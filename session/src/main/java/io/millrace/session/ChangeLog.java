package io.millrace.session;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * An immutable log of the last changes: appended at the end, forgotten at the front. An append copies at most 32
 * references and, once in 32 times, O(log n); a front that only moves on keeps up to 31 forgotten changes from being
 * collected.
 *
 * <p>Any thread; every method is wait-free.
 *
 * @param <E> type of the changes, not null.
 */
final class ChangeLog<E> {
    private static final int BITS = 5;
    private static final int LENGTH = 1 << BITS;
    private static final ChangeLog<?> EMPTY = new ChangeLog<>(SequenceTrie.empty(), new Object[0], 0, 0);

    /** Those that are full, each at the position of its first change divided by its length. */
    private final SequenceTrie<Object[]> chunks;

    private final Object[] tail;
    private final long end;
    private final int size;

    private ChangeLog(final SequenceTrie<Object[]> chunks, final Object[] tail, final long end, final int size) {
        this.chunks = chunks;
        this.tail = tail;
        this.end = end;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    static <E> ChangeLog<E> empty() {
        return (ChangeLog<E>) EMPTY;
    }

    /** The position that the next change gets: positions start at 0. */
    long end() {
        return end;
    }

    /** How many of the last changes are there. */
    int size() {
        return size;
    }

    /** With a change, and without the oldest if there are then more than a capacity. */
    ChangeLog<E> append(final E change, final int capacity) {
        final Object[] last = Arrays.copyOf(tail, tail.length + 1);
        last[tail.length] = change;
        final boolean full = last.length == LENGTH;
        SequenceTrie<Object[]> kept = full ? chunks.append(last) : chunks;
        final int newSize = size < capacity ? size + 1 : size;
        final long first = end + 1 - newSize;
        if (newSize == size && (first & (LENGTH - 1)) == 0) {
            kept = kept.without((first >>> BITS) - 1);
        }
        return new ChangeLog<>(kept, full ? new Object[0] : last, end + 1, newSize);
    }

    /** Feeds the changes from a position on, which must not be forgotten, in order, until the consumer says no. */
    @SuppressWarnings("unchecked")
    void feed(final long from, final Predicate<? super E> consumer) {
        for (long position = from; position < end; position = (position | (LENGTH - 1)) + 1) {
            final long index = position >>> BITS;
            final Object[] chunk = index == chunks.end() ? tail : chunks.get(index);
            for (int i = (int) position & (LENGTH - 1); i < chunk.length; i++) {
                if (!consumer.test((E) chunk[i])) {
                    return;
                }
            }
        }
    }
}
