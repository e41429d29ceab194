package io.millrace.session;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * An immutable hash map: a change returns a new map that shares all but O(log n) of the old one. Five bits of the hash
 * choose a slot of a node; a slot holds a further node, or a short chain of entries, which is split when it grows past
 * six. Nodes are whole arrays and not compressed, so a read is one load a level: that, and not the memory it costs
 * (5 to 60 bytes an entry), decided between this and the persistent maps in {@code RegistryDesignBenchmark}.
 *
 * <pre>
 *   root -> [ node | chain | null ] x 32 -> ... -> entry(key, hash, value) -> entry -> null
 * </pre>
 *
 * Any thread; every method is wait-free. Iteration is in no order.
 *
 * @param <K> type of the keys, not null.
 * @param <V> type of the values, not null.
 */
public final class HashTrie<K, V> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MAX_CHAIN = 6;
    private static final HashTrie<?, ?> EMPTY = new HashTrie<>(null, 0);

    /** Null, an entry, or an array of these. */
    private final Object root;

    private final int size;

    private HashTrie(final Object root, final int size) {
        this.root = root;
        this.size = size;
    }

    private static final class Entry {
        final Object key;
        final Object value;
        final Entry next;
        final int hash;

        Entry(final Object key, final int hash, final Object value, final Entry next) {
            this.key = key;
            this.hash = hash;
            this.value = value;
            this.next = next;
        }
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
        Object at = root;
        while (at instanceof Object[] node) {
            at = node[bits & (WIDTH - 1)];
            bits >>>= BITS;
        }
        for (Entry entry = (Entry) at; entry != null; entry = entry.next) {
            if (entry.hash == hash && (entry.key == key || key.equals(entry.key))) {
                return (V) entry.value;
            }
        }
        return null;
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

    @SuppressWarnings("unchecked")
    private static <K, V> void forEach(final Object at, final BiConsumer<? super K, ? super V> consumer) {
        if (at instanceof Object[] node) {
            for (final Object slot : node) {
                if (slot != null) {
                    forEach(slot, consumer);
                }
            }
            return;
        }
        for (Entry entry = (Entry) at; entry != null; entry = entry.next) {
            consumer.accept((K) entry.key, (V) entry.value);
        }
    }

    private static Object with(final Object at, final int shift, final Object key, final int hash, final Object value) {
        if (at instanceof Object[] node) {
            final Object[] copy = node.clone();
            final int slot = hash >>> shift & (WIDTH - 1);
            copy[slot] = with(node[slot], shift + BITS, key, hash, value);
            return copy;
        }
        final Entry others = chainWithout((Entry) at, key, hash);
        int length = 0;
        for (Entry entry = others; entry != null; entry = entry.next) {
            length++;
        }
        // With its 32 bits used up a hash tells nothing more apart: such a chain only grows.
        if (length < MAX_CHAIN || shift >= Integer.SIZE) {
            return new Entry(key, hash, value, others);
        }
        Object split = new Object[WIDTH];
        for (Entry entry = others; entry != null; entry = entry.next) {
            split = with(split, shift, entry.key, entry.hash, entry.value);
        }
        return with(split, shift, key, hash, value);
    }

    private static Object without(final Object at, final int shift, final Object key, final int hash) {
        if (!(at instanceof Object[] node)) {
            return chainWithout((Entry) at, key, hash);
        }
        final int slot = hash >>> shift & (WIDTH - 1);
        final Object rest = without(node[slot], shift + BITS, key, hash);
        if (rest == null) {
            Object last = null;
            int left = 0;
            for (int i = 0; i < WIDTH; i++) {
                if (i != slot && node[i] != null) {
                    last = node[i];
                    left++;
                }
            }
            if (left == 0) {
                return null;
            }
            // A node with one chain is that chain.
            if (left == 1 && last instanceof Entry) {
                return last;
            }
        }
        final Object[] copy = node.clone();
        copy[slot] = rest;
        return copy;
    }

    private static Entry chainWithout(final Entry chain, final Object key, final int hash) {
        if (chain == null) {
            return null;
        }
        if (chain.hash == hash && chain.key.equals(key)) {
            return chain.next;
        }
        final Entry rest = chainWithout(chain.next, key, hash);
        return rest == chain.next ? chain : new Entry(chain.key, chain.hash, chain.value, rest);
    }

    private static int spread(final int hash) {
        return hash ^ hash >>> 15;
    }

    /** Depth first, without recursion: at most seven levels and a chain. */
    private static final class Values<V> implements Iterator<V> {
        private final Object[][] nodes = new Object[Integer.SIZE / BITS + 1][];
        private final int[] slots = new int[nodes.length];
        private int depth = -1;
        private Entry next;

        Values(final Object root) {
            if (root instanceof Object[] node) {
                nodes[++depth] = node;
                advance();
            } else {
                next = (Entry) root;
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        @SuppressWarnings("unchecked")
        public V next() {
            final Entry entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            next = entry.next;
            if (next == null) {
                advance();
            }
            return (V) entry.value;
        }

        private void advance() {
            while (depth >= 0) {
                final Object[] node = nodes[depth];
                int slot = slots[depth];
                while (slot < WIDTH && node[slot] == null) {
                    slot++;
                }
                slots[depth] = slot + 1;
                if (slot == WIDTH) {
                    depth--;
                } else if (node[slot] instanceof Object[] child) {
                    nodes[++depth] = child;
                    slots[depth] = 0;
                } else {
                    next = (Entry) node[slot];
                    return;
                }
            }
        }
    }
}
