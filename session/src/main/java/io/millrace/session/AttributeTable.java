package io.millrace.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The immutable content of an {@link AttributeMap}: an open-addressed table of at most half its slots, a key and its
 * value side by side. Keys are compared by identity and their ids are dense, so a read is mostly one probe. Netty's
 * sorted array, searched in halves, is the one this was measured against ({@code ReadBenchmark}).
 */
final class AttributeTable {
    static final AttributeTable EMPTY = new AttributeTable(new Object[4], 0, 0);

    final int size;
    final long weightBytes;
    private final Object[] cells;

    private AttributeTable(final Object[] cells, final int size, final long weightBytes) {
        this.cells = cells;
        this.size = size;
        this.weightBytes = weightBytes;
    }

    Object get(final AttributeKey<?> key) {
        final Object[] table = cells;
        final int mask = table.length - 2;
        int i = Objects.requireNonNull(key, "key").id << 1 & mask;
        Object found = table[i];
        while (found != key) {
            if (found == null) {
                return null;
            }
            i = i + 2 & mask;
            found = table[i];
        }
        return table[i + 1];
    }

    AttributeTable with(final AttributeKey<?> key, final Object value) {
        final Object before = get(key);
        final long others = weightBytes - (before == null ? 0 : key.weightBytes(before));
        final long added = key.weightBytes(value);
        final long weight = others + added;
        if (weight < others) {
            // No bound is as high, and a sum that wrapped around would be below them all.
            throw new BoundExceededException("weightBytes", Long.MAX_VALUE - others, added);
        }
        if (before != null) {
            final Object[] copy = cells.clone();
            copy[indexOf(copy, key) + 1] = value;
            return new AttributeTable(copy, size, weight);
        }
        final Object[] copy = copyOf(null, size + 1);
        final int i = indexOf(copy, key);
        copy[i] = key;
        copy[i + 1] = value;
        return new AttributeTable(copy, size + 1, weight);
    }

    AttributeTable without(final AttributeKey<?> key) {
        final Object before = get(key);
        return before == null
                ? this
                : new AttributeTable(copyOf(key, size - 1), size - 1, weightBytes - key.weightBytes(before));
    }

    String counts() {
        return "entries=" + size + " weightBytes=" + weightBytes;
    }

    List<AttributeKey<?>> keys() {
        final List<AttributeKey<?>> keys = new ArrayList<>(size);
        for (int i = 0; i < cells.length; i += 2) {
            if (cells[i] != null) {
                keys.add((AttributeKey<?>) cells[i]);
            }
        }
        return keys;
    }

    /** All cells but one key's, in a table with room for so many entries. */
    private Object[] copyOf(final AttributeKey<?> omitted, final int entries) {
        final int length = Math.max(4, Integer.highestOneBit(Math.max(1, entries * 2 - 1)) << 2);
        final Object[] copy = new Object[length];
        for (int i = 0; i < cells.length; i += 2) {
            if (cells[i] != null && cells[i] != omitted) {
                final int to = indexOf(copy, (AttributeKey<?>) cells[i]);
                copy[to] = cells[i];
                copy[to + 1] = cells[i + 1];
            }
        }
        return copy;
    }

    /** Where a key is, or would be. */
    private static int indexOf(final Object[] table, final AttributeKey<?> key) {
        final int mask = table.length - 2;
        int i = key.id << 1 & mask;
        while (table[i] != null && table[i] != key) {
            i = i + 2 & mask;
        }
        return i;
    }
}
