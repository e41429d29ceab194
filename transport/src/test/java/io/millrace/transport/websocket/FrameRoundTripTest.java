package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameRoundTripTest {
    private static final MaskingKeys KEYS = new MaskingKeys(new SecureRandom());
    private static final int MAX = FrameRig.MAX_MESSAGE_LENGTH;

    private static FrameForm form(final int first, final boolean masked) {
        return new FrameForm(first, MAX, masked ? KEYS : null, first == 0x81);
    }

    private static byte[] wire(final FrameForm form, final byte... payload) {
        final ByteBuffer frame = form.frame(payload);
        final byte[] wire = new byte[frame.remaining()];
        frame.get(wire);
        return wire;
    }

    private static String text(final int length) {
        return "0123456789abcdefghijklmnopqrstuvwxyz".repeat(length / 36 + 1).substring(0, length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_000})
    void shouldComeBackAsItWasWhenMaskedOrNot(final int length) {
        for (final boolean masked : new boolean[] {true, false}) {
            final byte[] frame = wire(form(0x81, masked), text(length).getBytes(StandardCharsets.US_ASCII));
            final int step = Math.max(1, frame.length / 300);
            for (int cut = 0; cut <= frame.length; cut += step) {
                assertEquals(List.of("text " + text(length)), FrameRig.eventsOf(masked, frame, cut));
            }
        }
    }

    @Test
    void shouldHandOverPiecesAsTheyCome() {
        final FrameRig rig = new FrameRig(true, true);
        final byte[] first = wire(form(0x01, true), "hello".getBytes(StandardCharsets.US_ASCII));
        final byte[] last = wire(form(0x80, true), "!".getBytes(StandardCharsets.US_ASCII));
        rig.receive(Arrays.copyOf(first, 8));
        rig.receive(Arrays.copyOfRange(first, 8, first.length));
        rig.receive(last);
        rig.receive(wire(form(0x82, true)));

        assertEquals(List.of("piece text he", "piece text llo", "last text !", "last binary "), rig.events);
    }

    @Test
    void shouldTakeMessagesOfAnyLengthWhenHandedOverInPieces() {
        final FrameRig rig = new FrameRig(false, true);
        rig.receive(
                (byte) 0x82,
                (byte) 127,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0x7F,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 'a');

        assertEquals(List.of("piece binary a"), rig.events);
    }

    @Test
    void shouldRefuseToSendTextWhenItIsNotUtf8() {
        assertThrows(IllegalArgumentException.class, () -> form(0x81, true).frame((byte) 0xC3));
        assertThrows(IllegalArgumentException.class, () -> form(0x81, false).frame((byte) 'a', (byte) 0xFF));
    }

    @Test
    void shouldRefuseToSendACloseFrameThatNoneMaySend() {
        for (final int code : new int[] {-1, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 66_536}) {
            assertThrows(IllegalArgumentException.class, () -> CloseFrame.toSend(code, ""), "code=" + code);
        }
        assertEquals(125, CloseFrame.toSend(4999, "a".repeat(123)).payload().length);
        assertThrows(IllegalArgumentException.class, () -> CloseFrame.toSend(1000, "a".repeat(124)));
        assertThrows(IllegalArgumentException.class, () -> CloseFrame.toSend(1000, "ü".repeat(62)));
    }

    /** Draws 0, 1, 2 and so on, each multiplied by an odd number: all different, and all bits occur. */
    private static final class Counted extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private int drawn;

        @Override
        public void nextBytes(final byte[] bytes) {
            for (int at = 0; at < bytes.length; at += Integer.BYTES) {
                ByteBuffer.wrap(bytes).putInt(at, drawn++ * 0x9E3779B1);
            }
        }
    }

    @Test
    void shouldHandOutWholeKeysThatTheSourceDrewAndNoneTwice() {
        final Counted counted = new Counted();
        final MaskingKeys keys = new MaskingKeys(counted, counted::nextBytes);
        final Set<Integer> taken = new HashSet<>();
        final Set<Integer> drawn = new HashSet<>();
        int ones = 0;
        int zeros = 0;
        for (int i = 1; i <= 5_000; i++) {
            final int key = keys.take();
            assertNotEquals(0, key);
            assertTrue(taken.add(key), "key=" + key);
            drawn.add(i * 0x9E3779B1);
            ones |= key;
            zeros |= ~key;
        }

        assertEquals(-1, ones);
        assertEquals(-1, zeros);
        drawn.retainAll(taken);
        assertTrue(drawn.size() > 5_000 - 8, "of the source: " + drawn.size());
    }

    @Test
    void shouldMaskAsByteByByteWhateverLengthAndPhase() {
        final Random random = new Random(7);
        for (int length = 0; length < 40; length++) {
            for (int phase = 0; phase < 8; phase++) {
                final int key = random.nextInt();
                final byte[] content = new byte[length + 5];
                random.nextBytes(content);
                final byte[] expected = content.clone();
                for (int i = 0; i < length; i++) {
                    expected[3 + i] ^= (byte) (key >>> (24 - 8 * ((i + phase) & 3)));
                }
                Masking.apply(ByteBuffer.wrap(content), 3, length, key, phase);
                assertArrayEquals(expected, content, "length=" + length + " phase=" + phase);
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnWhatIsUtf8WhereverItIsCut() {
        final Random random = new Random(11);
        for (int round = 0; round < 20_000; round++) {
            final byte[] content = new byte[1 + random.nextInt(6)];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(128) : 0x80 | random.nextInt(128));
            }
            assertUtf8(content);
        }
        final String all =
                CharBuffer.wrap("aä€𐍈\0\u007f\u0080߿ࠀ\ud7ff\ue000\uffff").toString();
        assertUtf8(all.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertUtf8(final byte[] content) {
        boolean valid = true;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
        } catch (final CharacterCodingException ex) {
            valid = false;
        }
        final ByteBuffer buffer = ByteBuffer.wrap(content);
        for (int cut = 0; cut <= content.length; cut++) {
            final int state = Utf8.advance(Utf8.advance(Utf8.WHOLE, buffer, 0, cut), buffer, cut, content.length);
            assertEquals(valid, state == Utf8.WHOLE, Arrays.toString(content));
        }
    }

    @Test
    void shouldNotHandOutAKeyTwiceWhenThreadsTakeThemAtOnce() throws Exception {
        final MaskingKeys keys = new MaskingKeys(new SecureRandom());
        final List<Thread> threads = new ArrayList<>();
        final List<List<Integer>> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            final List<Integer> own = new ArrayList<>();
            taken.add(own);
            threads.add(new Thread(() -> {
                for (int j = 0; j < 5_000; j++) {
                    own.add(keys.take());
                }
            }));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
        final List<Integer> all = taken.stream().flatMap(List::stream).collect(Collectors.toList());
        final Set<Integer> different = new HashSet<>(all);

        assertEquals(20_000, all.size());
        // By chance alone two of 20,000 are the same in about one run of twenty, six in none.
        assertTrue(different.size() > 20_000 - 6, "different=" + different.size());
        assertTrue(all.stream().noneMatch(key -> key == 0));
        assertNotEquals(all.get(0), all.get(1));
    }

    @Test
    void shouldStreamBytesThatDependOnTheSourceAndNeverRepeat() {
        final CipherStream one = new CipherStream(new Counted(), 4_096);
        final CipherStream same = new CipherStream(new Counted(), 4_096);
        final CipherStream other = new CipherStream(new SecureRandom(), 4_096);
        final Set<String> blocks = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            final byte[] bytes = new byte[4_096];
            final byte[] again = new byte[4_096];
            final byte[] different = new byte[4_096];
            one.accept(bytes);
            same.accept(again);
            other.accept(different);

            assertArrayEquals(bytes, again);
            assertFalse(Arrays.equals(bytes, different));
            for (int at = 0; at < bytes.length; at += 16) {
                assertTrue(blocks.add(Arrays.toString(Arrays.copyOfRange(bytes, at, at + 16))), "repeats");
            }
        }
    }

    /** Fills with zeros, but one array of those it is asked for. */
    private static final class Once extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private int left;

        private Once(final int left) {
            this.left = left;
        }

        @Override
        public void nextBytes(final byte[] bytes) {
            Arrays.fill(bytes, (byte) (left-- == 0 ? 1 : 0));
        }
    }

    @Test
    void shouldStreamBytesThatDependOnAllThatTheSourceDraws() {
        final Set<String> streams = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            final byte[] bytes = new byte[16];
            new CipherStream(new Once(i), 16).accept(bytes);
            streams.add(Arrays.toString(bytes));
        }

        assertEquals(3, streams.size());
    }

    @Test
    void shouldChangeTheStreamsKeyAfterAWhile() {
        final Counted counted = new Counted();
        final CipherStream stream = new CipherStream(counted, 1 << 20);
        final byte[] bytes = new byte[1 << 20];
        for (int i = 0; i < 64; i++) {
            stream.accept(bytes);
        }
        final int drawn = counted.drawn;
        stream.accept(bytes);

        assertTrue(counted.drawn > drawn);
    }
}
