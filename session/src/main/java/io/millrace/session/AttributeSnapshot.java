package io.millrace.session;

import java.util.List;

/** What an {@link AttributeMap} held at one moment. Never changes; any thread; every method is wait-free. */
public final class AttributeSnapshot {
    private final AttributeTable table;

    AttributeSnapshot(final AttributeTable table) {
        this.table = table;
    }

    /**
     * The value of a key.
     *
     * @param key to look up.
     * @param <T> type of the value.
     * @return the value, or null if there was none.
     */
    public <T> T get(final AttributeKey<T> key) {
        return key.handedOut(table.get(key));
    }

    /**
     * The keys that had a value, in no order.
     *
     * @return an immutable list.
     */
    public List<AttributeKey<?>> keys() {
        return List.copyOf(table.keys());
    }

    /**
     * Number of entries.
     *
     * @return how many keys had a value.
     */
    public int size() {
        return table.size;
    }

    /**
     * Weight of all values.
     *
     * @return sum of the values' weights, in bytes.
     */
    public long weightBytes() {
        return table.weightBytes;
    }

    /** For debugging: counts, no values. Wait-free. */
    @Override
    public String toString() {
        return "AttributeSnapshot " + table.counts();
    }
}
