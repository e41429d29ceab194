package io.millrace.jmh.session;

import io.millrace.session.HashTrie;
import java.util.Arrays;
import org.openjdk.jmh.infra.Blackhole;
import org.organicdesign.fp.collections.PersistentHashMap;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/** Immutable maps of text to numbers behind one face, so that one benchmark runs them all. */
interface PersistentMaps {
    PersistentMaps with(String key, Long value);

    Long get(String key);

    void consume(Blackhole blackhole);

    static PersistentMaps named(final String name) {
        return switch (name) {
            case "trie" -> new Trie(HashTrie.empty());
            case "paguro" -> new Paguro(PersistentHashMap.empty());
            case "vavr" -> new Vavr(io.vavr.collection.HashMap.empty());
            case "pcollections" -> new PCollections(HashTreePMap.empty());
            case "stripedArrays" -> new StripedArrays();
            default -> throw new IllegalArgumentException("no such design: name=" + name);
        };
    }

    /** The one that was kept. */
    record Trie(HashTrie<String, Long> map) implements PersistentMaps {
        @Override
        public PersistentMaps with(final String key, final Long value) {
            return new Trie(map.with(key, value));
        }

        @Override
        public Long get(final String key) {
            return map.get(key);
        }

        @Override
        public void consume(final Blackhole blackhole) {
            map.forEach((key, value) -> blackhole.consume(value));
        }
    }

    /** Clojure's map for Java. */
    record Paguro(PersistentHashMap<String, Long> map) implements PersistentMaps {
        @Override
        public PersistentMaps with(final String key, final Long value) {
            return new Paguro(map.assoc(key, value));
        }

        @Override
        public Long get(final String key) {
            return map.get(key);
        }

        @Override
        public void consume(final Blackhole blackhole) {
            map.forEach(entry -> blackhole.consume(entry.getValue()));
        }
    }

    /** A compressed trie. */
    record Vavr(io.vavr.collection.HashMap<String, Long> map) implements PersistentMaps {
        @Override
        public PersistentMaps with(final String key, final Long value) {
            return new Vavr(map.put(key, value));
        }

        @Override
        public Long get(final String key) {
            return map.getOrElse(key, null);
        }

        @Override
        public void consume(final Blackhole blackhole) {
            map.forEach(entry -> blackhole.consume(entry._2()));
        }
    }

    /** A balanced tree of hashes. */
    record PCollections(HashPMap<String, Long> map) implements PersistentMaps {
        @Override
        public PersistentMaps with(final String key, final Long value) {
            return new PCollections(map.plus(key, value));
        }

        @Override
        public Long get(final String key) {
            return map.get(key);
        }

        @Override
        public void consume(final Blackhole blackhole) {
            map.forEach((key, value) -> blackhole.consume(value));
        }
    }

    /** Copy-on-write arrays, sixteen entries in each of as many stripes as that takes; the stripes are copied, too. */
    final class StripedArrays implements PersistentMaps {
        private static final int PER_STRIPE = 16;

        private final Object[][] stripes;
        private final int size;

        StripedArrays() {
            this(new Object[1][0], 0);
        }

        private StripedArrays(final Object[][] stripes, final int size) {
            this.stripes = stripes;
            this.size = size;
        }

        @Override
        public PersistentMaps with(final String key, final Long value) {
            if (size < stripes.length * PER_STRIPE) {
                final Object[][] copy = stripes.clone();
                return new StripedArrays(copy, put(copy, key, value) ? size + 1 : size);
            }
            final Object[][] grown = new Object[stripes.length * 2][0];
            for (final Object[] stripe : stripes) {
                for (int i = 0; i < stripe.length; i += 2) {
                    put(grown, (String) stripe[i], (Long) stripe[i + 1]);
                }
            }
            return new StripedArrays(grown, put(grown, key, value) ? size + 1 : size);
        }

        private static boolean put(final Object[][] stripes, final String key, final Long value) {
            final int index = index(stripes, key);
            final Object[] stripe = stripes[index];
            int i = 0;
            while (i < stripe.length && !key.equals(stripe[i])) {
                i += 2;
            }
            final Object[] copy = Arrays.copyOf(stripe, Math.max(stripe.length, i + 2));
            copy[i] = key;
            copy[i + 1] = value;
            stripes[index] = copy;
            return i == stripe.length;
        }

        private static int index(final Object[][] stripes, final String key) {
            final int hash = key.hashCode();
            return (hash ^ (hash >>> 15)) & (stripes.length - 1);
        }

        @Override
        public Long get(final String key) {
            final Object[] stripe = stripes[index(stripes, key)];
            for (int i = 0; i < stripe.length; i += 2) {
                if (key.equals(stripe[i])) {
                    return (Long) stripe[i + 1];
                }
            }
            return null;
        }

        @Override
        public void consume(final Blackhole blackhole) {
            for (final Object[] stripe : stripes) {
                for (int i = 0; i < stripe.length; i += 2) {
                    blackhole.consume(stripe[i + 1]);
                }
            }
        }
    }
}
