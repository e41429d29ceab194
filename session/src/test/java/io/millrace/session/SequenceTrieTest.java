package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SequenceTrieTest {
    @Test
    void shouldAgreeWithTreeMapWhenChangedAtRandom() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final TreeMap<Long, Integer> model = new TreeMap<>();
        SequenceTrie<Integer> trie = SequenceTrie.empty();
        for (int i = 0; i < 40_000; i++) {
            if (model.isEmpty() || random.nextInt(3) > 0) {
                model.put(trie.end(), i);
                trie = trie.append(i);
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
