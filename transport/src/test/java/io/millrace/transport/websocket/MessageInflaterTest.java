package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of what messages inflate to, to the byte, and what one message leaves to the next. */
class MessageInflaterTest {
    /** Whatever inflates to no more has no ratio. */
    private static final int FREE_LENGTH = 16 * 1024;

    private static final int FREE_FRUITLESS = 16 * 1024;

    private final MessageAssembly target = new MessageAssembly(100_000);

    private int inflate(final MessageInflater inflater, final byte[] message, final boolean last) {
        inflater.inflate(ByteBuffer.wrap(message), 0, message.length, last, target);
        return target.length();
    }

    private String next(final MessageInflater inflater, final String hex, final int cut) {
        target.clear();
        final byte[] message = HexFormat.of().parseHex(hex);
        inflate(inflater, Arrays.copyOf(message, cut), false);
        inflate(inflater, Arrays.copyOfRange(message, cut, message.length), true);
        return StandardCharsets.ISO_8859_1
                .decode(target.content().duplicate().limit(target.length()).position(0))
                .toString();
    }

    private static byte[] deflated(final byte[] content) {
        final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(content);
        final byte[] all = new byte[content.length + 1_000];
        final int length = deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(all, length - 4);
    }

    private void assertTooMuch(final MessageInflater inflater, final byte[] message) {
        target.clear();
        final ProtocolException tooMuch = assertThrows(ProtocolException.class, () -> inflate(inflater, message, true));
        assertEquals(CloseReason.MESSAGE_TOO_LONG, tooMuch.reason());
    }

    @Test
    void shouldTakeAnyRatioUpToTheFreeLengthAndNotAByteMore() {
        assertEquals(FREE_LENGTH, inflate(new MessageInflater(true, 1, false), deflated(new byte[FREE_LENGTH]), true));
        assertTooMuch(new MessageInflater(true, 1, false), deflated(new byte[FREE_LENGTH + 1]));
    }

    @Test
    void shouldTakeAMessageThatInflatesAsMuchAsOneMay() {
        final int length = 50_000;
        final byte[] message = deflated(new byte[length]);

        assertEquals(length, inflate(new MessageInflater(true, length / message.length, false), message, true));
        assertTooMuch(new MessageInflater(true, length / (message.length + 1), false), message);
    }

    /** A ratio is of one message. */
    @Test
    void shouldNotReckonAMessagesRatioByAnother() {
        final MessageInflater inflater = new MessageInflater(true, 2, false);
        final byte[] random = new byte[50_000];
        new Random(1).nextBytes(random);

        inflate(inflater, deflated(random), true);
        assertTooMuch(inflater, deflated(new byte[50_000]));
    }

    @Test
    void shouldTakeALongMessageThatDoesNotShrinkAtOnce() {
        final byte[] random = new byte[90_000];
        new Random(1).nextBytes(random);

        assertEquals(90_000, inflate(new MessageInflater(true, 1, false), deflated(random), true));
    }

    @Test
    void shouldTakeSoManyBytesThatBringNothingAndNotAByteMore() {
        final MessageInflater inflater = new MessageInflater(true, 1, false);
        final byte[] empty = HexFormat.of().parseHex("000000ffff");
        for (int sent = 0; sent + empty.length <= FREE_FRUITLESS; sent += empty.length) {
            inflate(inflater, empty, false);
        }
        final int rest = FREE_FRUITLESS % empty.length;
        inflate(inflater, Arrays.copyOf(empty, rest), false);
        final ProtocolException flood = assertThrows(
                ProtocolException.class, () -> inflate(inflater, Arrays.copyOfRange(empty, rest, rest + 1), false));

        assertEquals(CloseReason.FRAGMENT_FLOOD, flood.reason());
    }

    /** With and without the byte that RFC 7692 section 7.2.3.4 appends; only behind that byte the tail ends a block. */
    @ParameterizedTest
    @ValueSource(strings = {"f348cdc9c90700", "f348cdc9c9070000"})
    void shouldInflateWhatFollowsAMessageThatEndsWithAFinalBlock(final String hex) {
        for (int cut = 0; cut <= hex.length() / 2; cut++) {
            final MessageInflater inflater = new MessageInflater(true, 100, false);

            assertEquals("Hello", next(inflater, hex, cut), "cut=" + cut);
            assertEquals("Hello", next(inflater, hex, cut), "cut=" + cut);
            assertEquals("Hello", next(inflater, "f248cdc9c90700", 3), "cut=" + cut);
        }
    }
}
