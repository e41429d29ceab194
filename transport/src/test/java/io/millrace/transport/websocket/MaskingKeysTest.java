package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where keys come from: batches, and single ones while another thread fills. */
class MaskingKeysTest {
    /** Says these numbers; asked for more it fails. */
    private static final class Said extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final int[] numbers;
        private int asked;

        private Said(final int... numbers) {
            this.numbers = numbers;
        }

        @Override
        public int nextInt() {
            return numbers[asked++];
        }
    }

    private final List<Integer> meanwhile = new ArrayList<>();
    private MaskingKeys keys;
    private int drawn;
    private int batches;

    private void count(final byte[] filling, final int bytes) {
        for (int at = 0; at < bytes; at += Integer.BYTES) {
            ByteBuffer.wrap(filling).putInt(at, ++drawn);
        }
        batches++;
    }

    private void assertNoneTwice() {
        final Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            final int key = keys.take();
            assertNotEquals(0, key);
            assertTrue(taken.add(key), "key=" + key);
        }
    }

    @Test
    void shouldFillBatchAfterBatchAndDrawNoSingleKeys() {
        keys = new MaskingKeys(new Said(), filling -> count(filling, filling.length));
        assertNoneTwice();

        assertEquals(5, batches);
    }

    /** Here the other is whoever fills, in the middle of it. */
    @Test
    void shouldDrawAKeyThatIsNot0WhileAnotherFills() {
        keys = new MaskingKeys(new Said(0, 0, 7, -8), filling -> {
            meanwhile.add(keys.take());
            meanwhile.add(keys.take());
            Arrays.fill(filling, (byte) 1);
        });

        assertEquals(0x01010101, keys.take());
        assertEquals(List.of(7, -8), meanwhile);
    }

    @Test
    void shouldHandOutNoKeyThatIsLeftOfAnEarlierBatch() {
        keys = new MaskingKeys(
                new Said(), filling -> count(filling, batches == 0 ? filling.length : filling.length / 2));
        assertNoneTwice();
    }
}
