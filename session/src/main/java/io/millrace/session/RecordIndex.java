package io.millrace.session;

import java.util.Arrays;

/**
 * Records by type and id: an immutable hash map whose entries are the records themselves, with one table for all types. A
 * change makes a new index that shares all but O(log n) of the old one. Five bits of the hash choose a slot of a node; a slot
 * holds a further node, or a leaf: an open-addressed table of up to 48 records, at most a third full, which is split when it
 * grows past that.
 *
 * <pre>
 *   root -> [ node | leaf ] x 32 -> ... -> [ record | null | record | null ... ]
 * </pre>
 *
 * An index is its root alone: a leaf, or a node, which is told from a leaf by being an array of arrays. {@code ReadBenchmark}
 * tells what each load of a read costs, and why the records keep their hashes.
 *
 * <p>Any thread; every method is wait-free.
 */
final class RecordIndex {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MAX_LEAF = 48;
    private static final RegistryRecord<?>[] EMPTY = new RegistryRecord<?>[1];

    private RecordIndex() {}

    static Object[] empty() {
        return EMPTY;
    }

    static int hash(final String type, final String id) {
        final int mixed = (31 * type.hashCode() + id.hashCode()) * 0x9E37_79B9;
        return mixed ^ (mixed >>> 16);
    }

    /** The record, or null if there is none. */
    static RegistryRecord<?> get(final Object[] root, final String type, final String id) {
        final int hash = hash(type, id);
        int bits = hash;
        Object[] at = root;
        while (isNode(at)) {
            at = ((Object[][]) at)[bits & (WIDTH - 1)];
            bits >>>= BITS;
        }
        final RegistryRecord<?>[] leaf = (RegistryRecord<?>[]) at;
        final int mask = leaf.length - 1;
        int slot = leafSlot(hash, mask);
        RegistryRecord<?> found = leaf[slot];
        // There is always a slot that is empty.
        while (found != null && !found.isAt(type, id, hash)) {
            slot = (slot + 1) & mask;
            found = leaf[slot];
        }
        return found;
    }

    /** With a record, which replaces the one of its type and id. */
    static Object[] with(final Object[] root, final RegistryRecord<?> record) {
        return with(root, 0, record);
    }

    /** Without the record of a type and id, which must be there. */
    static Object[] without(final Object[] root, final RegistryRecord<?> record) {
        return without(root, 0, record);
    }

    private static Object[] with(final Object[] at, final int shift, final RegistryRecord<?> record) {
        if (isNode(at)) {
            final Object[][] copy = ((Object[][]) at).clone();
            final int slot = nodeSlot(record, shift);
            copy[slot] = with(copy[slot], shift + BITS, record);
            return copy;
        }
        final RegistryRecord<?>[] leaf = (RegistryRecord<?>[]) at;
        final boolean isNew = leaf[slotOf(leaf, record)] == null;
        final int records = records(leaf) + (isNew ? 1 : 0);
        // With its 32 bits used up a hash tells nothing more apart: such a leaf only grows.
        if (records > MAX_LEAF && isNew && shift < Integer.SIZE) {
            return with(split(leaf, shift), shift, record);
        }
        final RegistryRecord<?>[] copy = 3 * records <= leaf.length ? leaf.clone() : rehashed(leaf, 2 * leaf.length);
        copy[slotOf(copy, record)] = record;
        return copy;
    }

    private static Object[] without(final Object[] at, final int shift, final RegistryRecord<?> record) {
        if (!isNode(at)) {
            final RegistryRecord<?>[] copy = ((RegistryRecord<?>[]) at).clone();
            copy[slotOf(copy, record)] = null;
            // Whatever stood behind it may have been pushed there by it.
            return records(copy) == 0 ? EMPTY : rehashed(copy, copy.length);
        }
        final Object[][] copy = ((Object[][]) at).clone();
        final int slot = nodeSlot(record, shift);
        copy[slot] = without(copy[slot], shift + BITS, record);
        Object[] last = EMPTY;
        for (final Object[] child : copy) {
            if (child != EMPTY) {
                if (last != EMPTY || isNode(child)) {
                    return copy;
                }
                last = child;
            }
        }
        // A node with nothing but a leaf is that leaf.
        return last;
    }

    private static Object[][] split(final RegistryRecord<?>[] leaf, final int shift) {
        final Object[][] node = new Object[WIDTH][];
        Arrays.fill(node, EMPTY);
        for (final RegistryRecord<?> record : leaf) {
            if (record != null) {
                final int slot = nodeSlot(record, shift);
                node[slot] = with(node[slot], shift + BITS, record);
            }
        }
        return node;
    }

    private static RegistryRecord<?>[] rehashed(final RegistryRecord<?>[] leaf, final int length) {
        final RegistryRecord<?>[] table = new RegistryRecord<?>[length];
        for (final RegistryRecord<?> record : leaf) {
            if (record != null) {
                table[slotOf(table, record)] = record;
            }
        }
        return table;
    }

    private static int records(final RegistryRecord<?>[] leaf) {
        int records = 0;
        for (final RegistryRecord<?> each : leaf) {
            records += each == null ? 0 : 1;
        }
        return records;
    }

    /** Where the record of a type and id is, or the empty slot where it would be. */
    private static int slotOf(final RegistryRecord<?>[] leaf, final RegistryRecord<?> record) {
        final int mask = leaf.length - 1;
        int slot = leafSlot(record.hash, mask);
        while (leaf[slot] != null && !leaf[slot].isAt(record.type(), record.id(), record.hash)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int nodeSlot(final RegistryRecord<?> record, final int shift) {
        return (record.hash >>> shift) & (WIDTH - 1);
    }

    /** By the upper bits: what the levels above used up would crowd a leaf's records together. */
    private static int leafSlot(final int hash, final int mask) {
        return (hash >>> 19) & mask;
    }

    /** By the exact class: a subclass check would load the class, then a table of that class, on every level. */
    private static boolean isNode(final Object[] at) {
        return at.getClass() == Object[][].class;
    }
}
