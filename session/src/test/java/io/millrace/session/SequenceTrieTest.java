package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SequenceTrieTest {
    @Test
    void shouldTakeElementsInAnyOrder() {
        SequenceTrie<Long> trie = SequenceTrie.empty();
        for (long position = 3_000; position > 0; position -= 7) {
            trie = trie.with(position, position);
        }
        assertEquals(3_001, trie.end());
        assertEquals(429, trie.size());
        for (long at = trie.first(0); at >= 0; at = trie.first(at + 1)) {
            assertEquals(at, trie.get(at));
            trie = trie.without(at);
        }
        assertEquals(0, trie.size());
    }

    @Test
    void shouldAgreeWithTreeMapWhenChangedAtRandom() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final TreeMap<Long, Integer> model = new TreeMap<>();
        SequenceTrie<Integer> trie = SequenceTrie.empty();
        for (int i = 0; i < 40_000; i++) {
            if (model.isEmpty() || random.nextInt(3) > 0) {
                final long gap = random.nextInt(8) > 0 ? 0 : random.nextLong(1L << random.nextInt(1, 20));
                model.put(trie.end() + gap, i);
                trie = gap == 0 ? trie.append(i) : trie.with(trie.end() + gap, i);
            } else if (random.nextBoolean()) {
                trie = trie.without(model.pollFirstEntry().getKey());
            } else {
                final Long at = model.ceilingKey(random.nextLong(trie.end()));
                if (at != null) {
                    assertEquals(model.get(at), trie.get(at), () -> "seed=" + seed);
                    model.remove(at);
                    trie = trie.without(at);
                }
            }
            assertEquals(model.size(), trie.size());
            final long from = random.nextLong(trie.end() + 40);
            final Long first = model.ceilingKey(from);
            assertEquals(first == null ? -1 : first, trie.first(from), () -> "seed=" + seed + " from=" + from);
        }
    }
}
