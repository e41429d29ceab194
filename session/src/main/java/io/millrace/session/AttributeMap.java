package io.millrace.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Typed attributes of a connection or a stream: one immutable table behind one reference.
 *
 * <p>A stream does not share its connection's map: it {@linkplain #fork() forks} one. The fork has what was there, at no
 * cost until its first write, and from then on neither sees the other's writes: a stream can never be routed by a
 * sibling's headers.
 *
 * <p>Any thread. Reads are wait-free: one load, then a table that never changes. Writes are lock-free: a copy of the
 * table, of bounded size, published by compare-and-set; none is ever lost.
 *
 * <h2>Memory ordering</h2>
 *
 * {@code table}: published by compare-and-set (volatile), loaded with acquire: who finds a value finds it whole.
 */
@SuppressWarnings("UnusedVariable") // Read through the VarHandle.
public final class AttributeMap {
    /** Entries a map holds at most, by default. */
    public static final int DEFAULT_MAX_ENTRIES = 128;

    /** Bytes of value weight a map holds at most, by default. */
    public static final long DEFAULT_MAX_BYTES = 64 * 1024;

    private static final VarHandle TABLE;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(AttributeMap.class, "table", AttributeTable.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final int maxEntries;
    private final long maxBytes;
    private AttributeTable table;

    /** Makes an empty map with the default bounds. */
    public AttributeMap() {
        this(DEFAULT_MAX_ENTRIES, DEFAULT_MAX_BYTES);
    }

    /**
     * Makes an empty map.
     *
     * @param maxEntries how many keys may have a value: from 0 to 65,536, for a write copies them all.
     * @param maxBytes   how much the values may weigh together, in bytes: not negative.
     * @throws IllegalArgumentException if a bound is out of range.
     */
    public AttributeMap(final int maxEntries, final long maxBytes) {
        this(checkedEntries(maxEntries), checkedBytes(maxBytes), AttributeTable.EMPTY);
    }

    private AttributeMap(final int maxEntries, final long maxBytes, final AttributeTable table) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        TABLE.setRelease(this, table);
    }

    /**
     * The value of a key. Wait-free.
     *
     * @param key to look up, not null.
     * @param <T> type of the value.
     * @return the value (a copy, if the key copies), or null if there is none.
     */
    public <T> T get(final AttributeKey<T> key) {
        return key.handedOut(table().get(key));
    }

    /**
     * Stores a value. Lock-free.
     *
     * @param key   to store under.
     * @param value to store, not null.
     * @param <T>   type of the value.
     * @throws BoundExceededException if there is no room: nothing changed.
     * @throws ClassCastException     if the value is not of the key's type: nothing changed.
     */
    public <T> void set(final AttributeKey<T> key, final T value) {
        final T stored = Objects.requireNonNull(key, "key").stored(value);
        AttributeTable before = table();
        while (!publish(before, before.with(key, stored))) {
            before = table();
        }
    }

    /**
     * Stores a value unless there is one. Lock-free.
     *
     * @param key   to store under.
     * @param value to store, not null.
     * @param <T>   type of the value.
     * @return null if it was stored, otherwise the value that is there.
     * @throws BoundExceededException if there is no room: nothing changed.
     * @throws ClassCastException     if the value is not of the key's type: nothing changed.
     */
    public <T> T setIfAbsent(final AttributeKey<T> key, final T value) {
        final T stored = Objects.requireNonNull(key, "key").stored(value);
        while (true) {
            final AttributeTable before = table();
            final Object found = before.get(key);
            if (found != null) {
                return key.handedOut(found);
            }
            if (publish(before, before.with(key, stored))) {
                return null;
            }
        }
    }

    /**
     * Replaces a value if it equals the one expected. Lock-free.
     *
     * @param key      to change.
     * @param expected the value that must be there, or null for none.
     * @param value    to store, or null to remove.
     * @param <T>      type of the value.
     * @return whether it was replaced.
     * @throws BoundExceededException if there is no room: nothing changed.
     * @throws ClassCastException     if the value is not of the key's type: nothing changed.
     */
    public <T> boolean compareAndSet(final AttributeKey<T> key, final T expected, final T value) {
        final T stored = value == null ? null : key.stored(value);
        while (true) {
            final AttributeTable before = table();
            if (!Objects.deepEquals(before.get(key), expected)) {
                return false;
            }
            if (publish(before, changed(before, key, stored))) {
                return true;
            }
        }
    }

    /**
     * Replaces a value by what a function makes of it. Lock-free.
     *
     * @param key      to change.
     * @param function of the value, or of null if there is none: pure, for it runs again if another thread wrote first.
     *                 Returns the new value, or null to remove.
     * @param <T>      type of the value.
     * @return the new value, or null.
     * @throws BoundExceededException if there is no room: nothing changed.
     * @throws ClassCastException     if the new value is not of the key's type: nothing changed.
     */
    public <T> T update(final AttributeKey<T> key, final UnaryOperator<T> function) {
        while (true) {
            final AttributeTable before = table();
            final T made = function.apply(key.handedOut(before.get(key)));
            if (publish(before, changed(before, key, made == null ? null : key.stored(made)))) {
                return made;
            }
        }
    }

    /**
     * Removes a value. Lock-free.
     *
     * @param key to remove.
     * @param <T> type of the value.
     * @return the value that was there, or null.
     */
    public <T> T remove(final AttributeKey<T> key) {
        while (true) {
            final AttributeTable before = table();
            if (publish(before, before.without(key))) {
                return key.handedOut(before.get(key));
            }
        }
    }

    /**
     * All attributes at one moment. Wait-free, and copies nothing.
     *
     * @return what never changes again.
     */
    public AttributeSnapshot snapshot() {
        return new AttributeSnapshot(table());
    }

    /**
     * A map of its own that starts with what this one has now, and has the same bounds. Wait-free, and copies nothing.
     *
     * @return the fork: neither map sees what is written to the other from now on.
     */
    public AttributeMap fork() {
        return new AttributeMap(maxEntries, maxBytes, table());
    }

    /** For debugging: counts and bounds, no values. Wait-free. */
    @Override
    public String toString() {
        return "AttributeMap " + table().counts() + " maxEntries=" + maxEntries + " maxBytes=" + maxBytes;
    }

    private static AttributeTable changed(final AttributeTable before, final AttributeKey<?> key, final Object stored) {
        return stored == null ? before.without(key) : before.with(key, stored);
    }

    private boolean publish(final AttributeTable before, final AttributeTable after) {
        // A change that takes nothing more is let through: a map past its bound can always shrink.
        if (after.size > maxEntries && after.size > before.size) {
            throw new BoundExceededException("maxEntries", maxEntries, after.size);
        }
        if (after.weightBytes > maxBytes && after.weightBytes > before.weightBytes) {
            throw new BoundExceededException("maxBytes", maxBytes, after.weightBytes);
        }
        return TABLE.compareAndSet(this, before, after);
    }

    private AttributeTable table() {
        return (AttributeTable) TABLE.getAcquire(this);
    }

    private static int checkedEntries(final int maxEntries) {
        if (maxEntries < 0 || maxEntries > 1 << 16) {
            throw new IllegalArgumentException("out of range: maxEntries=" + maxEntries);
        }
        return maxEntries;
    }

    private static long checkedBytes(final long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a bound is not negative: maxBytes=" + maxBytes);
        }
        return maxBytes;
    }
}
