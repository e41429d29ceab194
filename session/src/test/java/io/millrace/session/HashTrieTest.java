package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashTrieTest {
    /** A key whose hashes collide as often as wanted. */
    private record Key(int id, int hashes) {
        @Override
        public int hashCode() {
            return id % hashes * 0x0101_0101;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50, 1_000_000})
    void shouldAgreeWithHashMapWhenChangedAtRandom(final int hashes) {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Map<Key, Integer> model = new HashMap<>();
        HashTrie<Key, Integer> trie = HashTrie.empty();
        final int keys = hashes == 1 ? 30 : 500;
        for (int i = 0; i < 20_000; i++) {
            final Key key = new Key(random.nextInt(keys), hashes);
            // Grows for a while, then shrinks to nothing.
            if (random.nextInt(20_000) > i) {
                trie = trie.with(key, i);
                model.put(key, i);
            } else {
                trie = trie.without(key);
                model.remove(key);
            }
            assertEquals(model.size(), trie.size(), () -> "seed=" + seed);
            assertEquals(model.get(key), trie.get(key), () -> "seed=" + seed);
            if (i % 500 == 0) {
                assertSameContent(model, trie, seed);
            }
        }
        for (int id = 0; id < keys; id++) {
            trie = trie.without(new Key(id, hashes));
        }
        assertEquals(0, trie.size());
        assertFalse(trie.values().hasNext());
    }

    private static void assertSameContent(
            final Map<Key, Integer> model, final HashTrie<Key, Integer> trie, final long seed) {
        final Map<Key, Integer> content = new HashMap<>();
        trie.forEach(content::put);
        assertEquals(model, content, () -> "seed=" + seed);
        final Map<Integer, Integer> values = new HashMap<>();
        final Iterator<Integer> iterator = trie.values();
        while (iterator.hasNext()) {
            values.merge(iterator.next(), 1, Integer::sum);
        }
        final Map<Integer, Integer> expected = new HashMap<>();
        model.values().forEach(value -> expected.merge(value, 1, Integer::sum));
        assertEquals(expected, values, () -> "seed=" + seed);
        assertThrows(NoSuchElementException.class, iterator::next);
    }

    @Test
    void shouldKeepOldMapWhenNewOneIsMade() {
        final HashTrie<String, String> before = HashTrie.<String, String>empty().with("a", "1");

        final HashTrie<String, String> after = before.with("a", "2").with("b", "3");
        before.without("a");

        assertEquals("1", before.get("a"));
        assertNull(before.get("b"));
        assertEquals("2", after.get("a"));
        assertEquals(2, after.size());
    }

    @Test
    void shouldReturnItselfWhenMissingKeyIsRemoved() {
        final HashTrie<String, String> trie = HashTrie.<String, String>empty().with("a", "1");

        assertSame(trie, trie.without("b"));
    }

    @Test
    void shouldRefuseNull() {
        final HashTrie<String, String> trie = HashTrie.empty();

        assertThrows(NullPointerException.class, () -> trie.get(null));
        assertThrows(NullPointerException.class, () -> trie.with(null, "1"));
        assertThrows(NullPointerException.class, () -> trie.with("a", null));
        assertThrows(NullPointerException.class, () -> trie.without(null));
    }
}
