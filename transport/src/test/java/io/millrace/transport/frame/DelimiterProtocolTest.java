package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelimiterProtocolTest {
    @Test
    void shouldTakeEmptyMessages() {
        final Protocol protocol = new DelimiterProtocol(3, Frames.bytes("--"));
        assertEquals(List.of("", "a", "", "b-c"), Frames.decode(protocol, Frames.bytes("--a----b-c--")));
    }

    @ParameterizedTest
    @CsvSource({"a, a, 0", "xxxxxxxxxxxxxxxa, a, 15", "a, aa, 0", "xab, abab, 1", "aabx, aab, 0"})
    void shouldRefuseToSendWhenTheMessageMakesUpTheDelimiter(
            final String message, final String delimiter, final int index) {
        final DelimiterProtocol protocol = new DelimiterProtocol(20, Frames.bytes(delimiter));
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> Frames.encode(protocol, Frames.bytes(message)));
        assertTrue(failure.getMessage().contains("index=" + index), failure.getMessage());
    }

    @Test
    void shouldSendAnythingWhenUnchecked() {
        final DelimiterProtocol protocol = new DelimiterProtocol(20, (byte) ',').unchecked();
        assertEquals(List.of("a", "b"), Frames.decode(protocol, Frames.encode(protocol, Frames.bytes("a,b"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "--", "-+-", "-234567"})
    void shouldRefuseAsSoonAsTheDelimiterComesTooLate(final String delimiter) {
        final Protocol protocol = new DelimiterProtocol(20, Frames.bytes(delimiter));
        assertEquals(
                List.of("x".repeat(20)), Frames.decode(protocol, Frames.bytes("x".repeat(20) + delimiter), 20, 21));
        final Protocol.Decoder decoder = protocol.newDecoder();
        final ByteBuffer bytes = ByteBuffer.wrap(Frames.bytes("x".repeat(21) + delimiter));
        final int last = 20 + delimiter.length();
        for (int limit = 1; limit < last; limit++) {
            assertEquals(0, decoder.decode(bytes, 0, limit, (b, o, l) -> true));
        }
        final ProtocolException failure =
                assertThrows(ProtocolException.class, () -> decoder.decode(bytes, 0, last, (b, o, l) -> true));
        assertEquals(CloseReason.DELIMITER_MISSING, failure.reason());
        assertTrue(failure.getMessage().contains("maxMessageLength=20"), failure.getMessage());
        assertThrows(
                ProtocolException.class,
                () -> protocol.newDecoder().decode(bytes, 0, bytes.limit(), (b, o, l) -> true));
    }

    /** Shows it by a delimiter that appears, against the rules, where the decoder has been already. */
    @Test
    void shouldNotLookTwiceAtABytePassedBefore() {
        final Protocol protocol = new DelimiterProtocol(100, Frames.bytes("ab"));
        final ByteBuffer bytes = ByteBuffer.wrap(Frames.bytes("x".repeat(30) + "abxxab"));
        final Protocol.Decoder decoder = protocol.newDecoder();
        assertEquals(0, decoder.decode(bytes, 0, 30, (b, o, l) -> true));
        bytes.put(10, (byte) 'a').put(11, (byte) 'b');
        assertEquals(32, decoder.decode(bytes, 0, 33, (b, o, length) -> {
            assertEquals(30, length);
            return true;
        }));
        // And what was passed is counted from the rest, not from the start.
        assertEquals(4, decoder.decode(bytes, 32, 36, (b, o, l) -> true));
    }

    @Test
    void shouldNotChangeWhenTheCallersArrayDoes() {
        final byte[] delimiter = Frames.bytes(";");
        final Protocol protocol = new DelimiterProtocol(10, delimiter);
        delimiter[0] = 'x';
        assertEquals("abc;", Frames.text(Frames.encode(protocol, Frames.bytes("abc"))));
    }

    @Test
    void shouldNameTheValueWhenASettingIsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new DelimiterProtocol(1));
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new DelimiterProtocol(1, new byte[65]));
        assertTrue(failure.getMessage().contains("delimiterLength=65"), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new DelimiterProtocol(0, (byte) 1));
        assertEquals(65, new DelimiterProtocol(1, new byte[64]).maxFrameLength());
    }

    @Test
    void shouldFindWhatAPlainSearchFinds() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final byte[] letters = {0, 1, (byte) 0x80, (byte) 0x81, (byte) 0xff, 'x'};
        for (int round = 0; round < 20_000; round++) {
            final byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = letters[random.nextInt(letters.length)];
            }
            final byte wanted = letters[random.nextInt(letters.length)];
            final int from = random.nextInt(bytes.length + 1);
            final int limit = from + random.nextInt(bytes.length - from + 1);
            int expected = from;
            while (expected < limit && bytes[expected] != wanted) {
                expected++;
            }
            assertEquals(
                    expected,
                    ByteSearch.indexOf(ByteBuffer.wrap(bytes), from, limit, ByteSearch.pattern(wanted)),
                    "seed=" + seed + " round=" + round);
        }
    }
}
