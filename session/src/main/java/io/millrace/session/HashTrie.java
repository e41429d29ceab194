package io.millrace.session;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * An immutable hash map: a change returns a new map that shares all but O(log n) of the old one. Five bits of the hash
 * choose a slot of a node; a slot holds a further node, or a leaf: an open-addressed table of up to 48 entries, keys and
 * values side by side, which is split when it grows past that.
 *
 * <pre>
 *   root -> [ node | leaf | null ] x 32 -> ... -> [ key | value | null | null | key | value ... ]
 * </pre>
 *
 * Chains of entries, as in other hash tries, made a walk over 1,000 entries ten times slower, for it hops all over the
 * heap; {@code RegistryDesignBenchmark} compares this with the persistent maps that others wrote.
 *
 * <p>Any thread; every method is wait-free. Iteration is in no order.
 *
 * @param <K> type of the keys, not null.
 * @param <V> type of the values, not null.
 */
public final class HashTrie<K, V> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MAX_LEAF = 48;
    private static final HashTrie<?, ?> EMPTY = new HashTrie<>(null, 0);

    /** Null, a leaf, or a node, which is told from a leaf by being an array of arrays. */
    private final Object[] root;

    private final int size;

    private HashTrie(final Object[] root, final int size) {
        this.root = root;
        this.size = size;
    }

    /**
     * The map without entries.
     *
     * @param <K> type of the keys.
     * @param <V> type of the values.
     * @return an empty map.
     */
    @SuppressWarnings("unchecked")
    public static <K, V> HashTrie<K, V> empty() {
        return (HashTrie<K, V>) EMPTY;
    }

    /**
     * Number of entries.
     *
     * @return how many keys have a value.
     */
    public int size() {
        return size;
    }

    /**
     * The value of a key.
     *
     * @param key to look up, not null.
     * @return the value, or null if there is none.
     */
    @SuppressWarnings("unchecked")
    public V get(final K key) {
        final int hash = spread(key.hashCode());
        int bits = hash;
        Object[] at = root;
        while (isNode(at)) {
            at = ((Object[][]) at)[bits & (WIDTH - 1)];
            bits >>>= BITS;
        }
        if (at == null) {
            return null;
        }
        final int i = indexOf(at, key, hash);
        return i < 0 ? null : (V) at[i + 1];
    }

    /**
     * This map with a value for a key.
     *
     * @param key   to set, not null.
     * @param value of the key from now on, not null.
     * @return the changed map; this one does not change.
     */
    public HashTrie<K, V> with(final K key, final V value) {
        Objects.requireNonNull(value, "value");
        final int hash = spread(key.hashCode());
        final int grown = get(key) == null ? size + 1 : size;
        return new HashTrie<>(with(root, 0, key, hash, value), grown);
    }

    /**
     * This map without a key.
     *
     * @param key to remove, not null.
     * @return the changed map, or this one if the key has no value.
     */
    public HashTrie<K, V> without(final K key) {
        if (get(key) == null) {
            return this;
        }
        return new HashTrie<>(without(root, 0, key, spread(key.hashCode())), size - 1);
    }

    /**
     * Calls a consumer with every entry.
     *
     * @param consumer of keys and values.
     */
    public void forEach(final BiConsumer<? super K, ? super V> consumer) {
        forEach(root, consumer);
    }

    /**
     * All values, lazily: the map cannot change under the iterator.
     *
     * @return an iterator that cannot remove.
     */
    public Iterator<V> values() {
        return new Values<>(root);
    }

    /** For debugging: the size, no entries. */
    @Override
    public String toString() {
        return "HashTrie size=" + size;
    }

    @SuppressWarnings("unchecked")
    private static <K, V> void forEach(final Object[] at, final BiConsumer<? super K, ? super V> consumer) {
        if (at instanceof Object[][] node) {
            for (final Object[] child : node) {
                forEach(child, consumer);
            }
        } else if (at != null) {
            for (int i = 0; i < at.length; i += 2) {
                if (at[i] != null) {
                    consumer.accept((K) at[i], (V) at[i + 1]);
                }
            }
        }
    }

    private static Object[] with(
            final Object[] at, final int shift, final Object key, final int hash, final Object value) {
        if (at instanceof Object[][] node) {
            final Object[][] copy = node.clone();
            final int slot = (hash >>> shift) & (WIDTH - 1);
            copy[slot] = with(node[slot], shift + BITS, key, hash, value);
            return copy;
        }
        if (at == null) {
            return placed(new Object[4], key, hash, value);
        }
        if (indexOf(at, key, hash) >= 0) {
            return placed(at.clone(), key, hash, value);
        }
        final int entries = entries(at) + 1;
        // With its 32 bits used up a hash tells nothing more apart: such a leaf only grows.
        if (entries > MAX_LEAF && shift < Integer.SIZE) {
            Object[] split = new Object[WIDTH][];
            for (int i = 0; i < at.length; i += 2) {
                if (at[i] != null) {
                    split = with(split, shift, at[i], spread(at[i].hashCode()), at[i + 1]);
                }
            }
            return with(split, shift, key, hash, value);
        }
        // At most three quarters full.
        return placed(entries * 8 <= at.length * 3 ? at.clone() : grown(at), key, hash, value);
    }

    private static Object[] without(final Object[] at, final int shift, final Object key, final int hash) {
        if (!(at instanceof Object[][] node)) {
            return leafWithout(at, indexOf(at, key, hash));
        }
        final int slot = (hash >>> shift) & (WIDTH - 1);
        final Object[] rest = without(node[slot], shift + BITS, key, hash);
        if (rest == null) {
            Object[] last = null;
            int left = 0;
            for (int i = 0; i < WIDTH; i++) {
                if (i != slot && node[i] != null) {
                    last = node[i];
                    left++;
                }
            }
            // A node with nothing but a leaf is that leaf.
            if (left == 0 || (left == 1 && !(last instanceof Object[][]))) {
                return last;
            }
        }
        final Object[][] copy = node.clone();
        copy[slot] = rest;
        return copy;
    }

    private static Object[] leafWithout(final Object[] leaf, final int index) {
        if (entries(leaf) == 1) {
            return null;
        }
        final Object[] copy = leaf.clone();
        copy[index] = null;
        copy[index + 1] = null;
        // Whatever stood behind it may have been pushed there by it: place it again.
        final int mask = copy.length - 2;
        for (int i = (index + 2) & mask; copy[i] != null; i = (i + 2) & mask) {
            final Object key = copy[i];
            final Object value = copy[i + 1];
            copy[i] = null;
            copy[i + 1] = null;
            placed(copy, key, spread(key.hashCode()), value);
        }
        return copy;
    }

    private static Object[] grown(final Object[] leaf) {
        final Object[] larger = new Object[leaf.length * 2];
        for (int i = 0; i < leaf.length; i += 2) {
            if (leaf[i] != null) {
                placed(larger, leaf[i], spread(leaf[i].hashCode()), leaf[i + 1]);
            }
        }
        return larger;
    }

    private static Object[] placed(final Object[] leaf, final Object key, final int hash, final Object value) {
        final int found = indexOf(leaf, key, hash);
        final int i = found < 0 ? ~found : found;
        leaf[i] = key;
        leaf[i + 1] = value;
        return leaf;
    }

    private static int entries(final Object[] leaf) {
        int entries = 0;
        for (int i = 0; i < leaf.length; i += 2) {
            if (leaf[i] != null) {
                entries++;
            }
        }
        return entries;
    }

    /** Where a key is, or the complement of where it would be. */
    private static int indexOf(final Object[] leaf, final Object key, final int hash) {
        final int mask = leaf.length - 2;
        // Its upper bits: what the levels above used up would crowd a leaf's entries together.
        int i = (hash >>> 19) & mask;
        Object found = leaf[i];
        while (found != null) {
            if (found == key || key.equals(found)) {
                return i;
            }
            i = (i + 2) & mask;
            found = leaf[i];
        }
        return ~i;
    }

    /** By the exact class: a subclass check would load the class, then a table of that class, on every level. */
    private static boolean isNode(final Object[] at) {
        return at != null && at.getClass() == Object[][].class;
    }

    private static int spread(final int hash) {
        final int mixed = hash * 0x9E37_79B9;
        return mixed ^ (mixed >>> 16);
    }

    /** Depth first, without recursion: at most seven levels and a leaf. */
    private static final class Values<V> implements Iterator<V> {
        private final Object[][][] nodes = new Object[Integer.SIZE / BITS + 1][][];
        private final int[] slots = new int[nodes.length];
        private int depth = -1;
        private Object[] leaf;
        private int next;

        Values(final Object[] root) {
            enter(root);
            advance();
        }

        @Override
        public boolean hasNext() {
            return leaf != null;
        }

        @Override
        @SuppressWarnings("unchecked")
        public V next() {
            if (leaf == null) {
                throw new NoSuchElementException();
            }
            final V value = (V) leaf[next + 1];
            next += 2;
            advance();
            return value;
        }

        private void enter(final Object[] at) {
            if (at instanceof Object[][] node) {
                nodes[++depth] = node;
                slots[depth] = 0;
            } else {
                leaf = at;
                next = 0;
            }
        }

        private void advance() {
            while (true) {
                if (leaf != null) {
                    while (next < leaf.length) {
                        if (leaf[next] != null) {
                            return;
                        }
                        next += 2;
                    }
                    leaf = null;
                }
                while (depth >= 0 && slots[depth] == WIDTH) {
                    depth--;
                }
                if (depth < 0) {
                    return;
                }
                enter(nodes[depth][slots[depth]++]);
            }
        }
    }
}
