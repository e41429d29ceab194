package io.millrace.session;

import java.util.Arrays;

/**
 * Records by type and id: an immutable hash map whose entries are the records themselves. A change returns a new index
 * that shares all but O(log n) of the old one. Five bits of the hash choose a slot of a node; a slot holds a further node,
 * or a leaf: an open-addressed table of up to 48 records, at most half full, which is split when it grows past that.
 *
 * <pre>
 *   root -> [ node | leaf ] x 32 -> ... -> [ record | null | record | null ... ]
 * </pre>
 *
 * A read loads the root, a node where there are many records, a slot, and the record: one table for all types, without keys
 * beside the records, is twice as fast as a {@link HashTrie} of types above a HashTrie of ids ({@code ReadBenchmark}).
 *
 * <p>Any thread; every method is wait-free.
 */
final class RecordIndex<T> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MAX_LEAF = 48;
    private static final Object[] EMPTY_LEAF = new Object[1];
    private static final RecordIndex<?> EMPTY = new RecordIndex<>(EMPTY_LEAF);

    /** A leaf, or a node, which is told from a leaf by being an array of arrays. */
    private final Object[] root;

    private RecordIndex(final Object[] root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked")
    static <T> RecordIndex<T> empty() {
        return (RecordIndex<T>) EMPTY;
    }

    /** The record, or null if there is none. */
    @SuppressWarnings("unchecked")
    RegistryRecord<T> get(final String type, final String id) {
        final int hash = hash(type, id);
        int bits = hash;
        Object[] at = root;
        while (isNode(at)) {
            at = ((Object[][]) at)[bits & (WIDTH - 1)];
            bits >>>= BITS;
        }
        return (RegistryRecord<T>) at[slotOf(at, type, id, hash)];
    }

    /** With a record, which replaces the one of its type and id. */
    RecordIndex<T> with(final RegistryRecord<T> record) {
        return new RecordIndex<>(with(root, 0, record));
    }

    /** Without the record of a type and id, which must be there. */
    RecordIndex<T> without(final RegistryRecord<T> record) {
        return new RecordIndex<>(without(root, 0, record));
    }

    private static Object[] with(final Object[] at, final int shift, final RegistryRecord<?> record) {
        if (isNode(at)) {
            final Object[][] copy = ((Object[][]) at).clone();
            final int slot = nodeSlot(record, shift);
            copy[slot] = with(copy[slot], shift + BITS, record);
            return copy;
        }
        final int slot = slotOf(at, record);
        if (at[slot] != null) {
            final Object[] copy = at.clone();
            copy[slot] = record;
            return copy;
        }
        final int records = records(at) + 1;
        // With its 32 bits used up a hash tells nothing more apart: such a leaf only grows.
        if (records > MAX_LEAF && shift < Integer.SIZE) {
            return with(split(at, shift), shift, record);
        }
        final Object[] copy = 2 * records <= at.length ? at.clone() : rehashed(at, 2 * at.length);
        copy[slotOf(copy, record)] = record;
        return copy;
    }

    private static Object[] without(final Object[] at, final int shift, final RegistryRecord<?> record) {
        if (!isNode(at)) {
            final Object[] copy = at.clone();
            copy[slotOf(copy, record)] = null;
            // Whatever stood behind it may have been pushed there by it.
            return records(copy) == 0 ? EMPTY_LEAF : rehashed(copy, copy.length);
        }
        final Object[][] copy = ((Object[][]) at).clone();
        final int slot = nodeSlot(record, shift);
        copy[slot] = without(copy[slot], shift + BITS, record);
        Object[] last = EMPTY_LEAF;
        for (final Object[] child : copy) {
            if (child != EMPTY_LEAF) {
                if (last != EMPTY_LEAF || isNode(child)) {
                    return copy;
                }
                last = child;
            }
        }
        // A node with nothing but a leaf is that leaf.
        return last;
    }

    private static Object[][] split(final Object[] leaf, final int shift) {
        final Object[][] node = new Object[WIDTH][];
        Arrays.fill(node, EMPTY_LEAF);
        for (final Object each : leaf) {
            if (each != null) {
                final RegistryRecord<?> record = (RegistryRecord<?>) each;
                final int slot = nodeSlot(record, shift);
                node[slot] = with(node[slot], shift + BITS, record);
            }
        }
        return node;
    }

    private static Object[] rehashed(final Object[] leaf, final int length) {
        final Object[] table = new Object[length];
        for (final Object each : leaf) {
            if (each != null) {
                table[slotOf(table, (RegistryRecord<?>) each)] = each;
            }
        }
        return table;
    }

    private static int records(final Object[] leaf) {
        int records = 0;
        for (final Object each : leaf) {
            records += each == null ? 0 : 1;
        }
        return records;
    }

    private static int slotOf(final Object[] leaf, final RegistryRecord<?> record) {
        return slotOf(leaf, record.type(), record.id(), hash(record.type(), record.id()));
    }

    /** Where a record is, or the empty slot where it would be: there is always one. */
    private static int slotOf(final Object[] leaf, final String type, final String id, final int hash) {
        final int mask = leaf.length - 1;
        // Its upper bits: what the levels above used up would crowd a leaf's records together.
        int slot = (hash >>> 19) & mask;
        Object found = leaf[slot];
        while (found != null && !((RegistryRecord<?>) found).isAt(type, id)) {
            slot = (slot + 1) & mask;
            found = leaf[slot];
        }
        return slot;
    }

    private static int nodeSlot(final RegistryRecord<?> record, final int shift) {
        return (hash(record.type(), record.id()) >>> shift) & (WIDTH - 1);
    }

    /** By the exact class: a subclass check would load the class, then a table of that class, on every level. */
    private static boolean isNode(final Object[] at) {
        return at.getClass() == Object[][].class;
    }

    private static int hash(final String type, final String id) {
        final int mixed = (31 * type.hashCode() + id.hashCode()) * 0x9E37_79B9;
        return mixed ^ (mixed >>> 16);
    }
}
