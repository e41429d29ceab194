package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 section 7. */
class MessageCompressionTest {
    private final FakeLane plain = new FakeLane();
    private final FakeLane texts = new FakeLane();
    private final FakeLane binaries = new FakeLane();
    private boolean checksText = true;

    private MessageDeflater deflater(final boolean keepsContext) {
        return deflater(keepsContext, DeflateTerms.ALL_BITS);
    }

    private MessageDeflater deflater(final boolean keepsContext, final int windowBits) {
        return new MessageDeflater(
                keepsContext, windowBits, new DeflateContext().minLength(10), checksText, texts, binaries);
    }

    private static String inflate(final MessageInflater inflater, final int step, final byte... message) {
        final MessageAssembly assembly = new MessageAssembly(100_000);
        int at = 0;
        do {
            final int length = Math.min(step, message.length - at);
            inflater.inflate(ByteBuffer.wrap(message), at, length, at + length == message.length, assembly);
            at += length;
        } while (at < message.length);
        return StandardCharsets.ISO_8859_1
                .decode(assembly.content().duplicate().limit(assembly.length()).position(0))
                .toString();
    }

    private static ByteBuffer ascii(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "7.2.3.1, f248cdc9c90700, Hello",
        "7.2.3.3 no compression, 000500faff48656c6c6f00, Hello",
        "7.2.3.4 final block, f348cdc9c9070000, Hello",
        "7.2.3.5 two blocks, f248050000 00ffffcac9c90700, Hello"
    })
    void shouldInflateTheExamplesOfTheRfcWhereverTheyAreCut(
            final String section, final String hex, final String expected) {
        final byte[] message = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (int step = 1; step <= message.length; step++) {
            assertEquals(
                    expected, inflate(new MessageInflater(true, 100, false), step, message), section + " step=" + step);
        }
    }

    @Test
    void shouldInflateByTheContextOfEarlierMessages() {
        final MessageInflater inflater = new MessageInflater(true, 100, false);
        assertEquals("Hello", inflate(inflater, 9, HexFormat.of().parseHex("f248cdc9c90700")));
        assertEquals("Hello", inflate(inflater, 9, HexFormat.of().parseHex("f200110000")));
    }

    @Test
    void shouldEndWhenAMessageRefersToAnEarlierOneWithoutAContext() {
        final MessageInflater inflater = new MessageInflater(false, 100, false);
        assertEquals("Hello", inflate(inflater, 9, HexFormat.of().parseHex("f248cdc9c90700")));
        final ProtocolException broken = assertThrows(
                ProtocolException.class,
                () -> inflate(inflater, 9, HexFormat.of().parseHex("f200110000")));
        assertEquals(CloseReason.COMPRESSION_ERROR, broken.reason());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldComeBackAsTheyWere(final boolean keepsContext) {
        final MessageDeflater deflater = deflater(keepsContext);
        final MessageInflater inflater = new MessageInflater(keepsContext, 2_000, false);
        final Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            final String message = Integer.toHexString(random.nextInt()).repeat(2 + random.nextInt(1_000));
            deflater.offer(i % 2 == 0, plain, ascii(message), 0, message.length());
            final List<byte[]> sent = i % 2 == 0 ? texts.messages : binaries.messages;
            assertEquals(message, inflate(inflater, 100, sent.get(sent.size() - 1)));
        }
        assertEquals(0, plain.messages.size());
        deflater.close();
        inflater.close();
    }

    @Test
    void shouldSayEarlierMessagesAgainInFewBytesOnlyWithAContext() {
        final String message = "a long message of which nothing is said twice: 0123456789";
        for (final boolean keeps : new boolean[] {true, false}) {
            final MessageDeflater deflater = deflater(keeps);
            texts.messages.clear();
            deflater.offer(true, plain, ascii(message), 0, message.length());
            deflater.offer(true, plain, ascii(message), 0, message.length());

            assertEquals(keeps, texts.messages.get(1).length < texts.messages.get(0).length / 2);
        }
    }

    @Test
    void shouldNotReferToAMessageThatWasRefused() {
        final MessageDeflater deflater = deflater(true);
        final String message = "a long message of which nothing is said twice: 0123456789";
        texts.refusal = Connection.BACK_PRESSURED;
        assertEquals(Connection.BACK_PRESSURED, deflater.offer(true, plain, ascii(message), 0, message.length()));
        texts.refusal = 0;
        deflater.offer(true, plain, ascii(message), 0, message.length());

        assertEquals(message, inflate(new MessageInflater(true, 100, false), 1_000, texts.messages.get(0)));
    }

    @Test
    void shouldNotReferToAMessageThatFailed() {
        final MessageDeflater deflater = deflater(true);
        final String message = "a long message of which nothing is said twice: 0123456789";
        texts.meanwhile = () -> {
            throw new IllegalStateException("no");
        };
        assertThrows(
                IllegalStateException.class, () -> deflater.offer(true, plain, ascii(message), 0, message.length()));
        texts.messages.clear();
        texts.meanwhile = () -> {};
        deflater.offer(true, plain, ascii(message), 0, message.length());

        assertEquals(message, inflate(new MessageInflater(true, 100, false), 1_000, texts.messages.get(0)));
    }

    @Test
    void shouldSendAsItIsWhatIsShortOrComesWhileAnotherCompresses() {
        final MessageDeflater deflater = deflater(true);
        deflater.offer(true, plain, ascii("short"), 0, 5);
        texts.meanwhile = () -> deflater.offer(false, plain, ascii("meanwhile, another"), 0, 18);
        deflater.offer(true, plain, ascii("long enough to compress"), 0, 23);

        assertEquals(2, plain.messages.size());
        assertEquals(1, texts.messages.size());
        assertEquals(0, binaries.messages.size());
    }

    @Test
    void shouldCompressFromTheShortestLengthOnAndReturnWhatTheLaneSays() {
        final MessageDeflater deflater = deflater(true);

        assertEquals(1, deflater.offer(false, plain, ascii("012345678"), 0, 9));
        assertEquals(2, deflater.offer(false, plain, ascii("012345678"), 0, 9));
        assertEquals(1, deflater.offer(false, plain, ascii("0123456789"), 0, 10));
        plain.refusal = Connection.BACK_PRESSURED;
        assertEquals(Connection.BACK_PRESSURED, deflater.offer(false, plain, ascii("012345678"), 0, 9));
        assertEquals(1, binaries.messages.size());
    }

    @Test
    void shouldSendAsItIsAfterTheEnd() {
        final MessageDeflater deflater = deflater(true);
        texts.meanwhile = deflater::close;
        deflater.offer(true, plain, ascii("long enough to compress"), 0, 23);
        deflater.offer(true, plain, ascii("long enough to compress"), 0, 23);

        assertEquals(1, plain.messages.size());
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8() {
        final ByteBuffer bad = ByteBuffer.allocate(20).put(19, (byte) 0xC3);
        assertThrows(IllegalArgumentException.class, () -> deflater(true).offer(true, plain, bad, 0, 20));
        assertTrue(texts.messages.isEmpty());
        checksText = false;
        assertEquals(1, deflater(true).offer(true, plain, bad, 0, 20), "its content is known");
    }

    private byte[] zeros(final int length) {
        deflater(false).offer(false, plain, ByteBuffer.allocate(length), 0, length);
        return binaries.messages.get(0);
    }

    @Test
    void shouldEndWhenAMessageInflatesOverTheMaximumOrTheRatio() {
        final ProtocolException tooLong = assertThrows(
                ProtocolException.class, () -> inflate(new MessageInflater(true, 10_000, false), 7, zeros(100_001)));
        assertEquals(CloseReason.MESSAGE_TOO_LONG, tooLong.reason());
        binaries.messages.clear();
        final ProtocolException tooMuch = assertThrows(
                ProtocolException.class, () -> inflate(new MessageInflater(true, 100, false), 7, zeros(90_000)));
        assertEquals(CloseReason.MESSAGE_TOO_LONG, tooMuch.reason());
        binaries.messages.clear();
        assertEquals(
                100_000,
                inflate(new MessageInflater(true, 10_000, false), 7, zeros(100_000))
                        .length());
    }

    @Test
    void shouldEndWhenAMessageIsNotCompressed() {
        final ProtocolException broken = assertThrows(
                ProtocolException.class,
                () -> inflate(new MessageInflater(true, 100, false), 9, new byte[] {-1, -1, -1, -1}));
        assertEquals(CloseReason.COMPRESSION_ERROR, broken.reason());
    }

    private static byte[] random(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private byte[] compressed(final int windowBits, final boolean twoMessages, final byte[] content, final int gap) {
        final byte[] filler = random(gap);
        final byte[] all = ByteBuffer.allocate(2 * content.length + gap)
                .put(content)
                .put(filler)
                .put(content)
                .array();
        final MessageDeflater deflater = deflater(true, windowBits);
        final int first = twoMessages ? content.length + gap : all.length;
        binaries.messages.clear();
        deflater.offer(false, plain, ByteBuffer.wrap(all), 0, first);
        if (twoMessages) {
            deflater.offer(false, plain, ByteBuffer.wrap(all), first, all.length - first);
        }
        final MessageInflater inflater = new MessageInflater(true, 100, false);
        final StringBuilder inflated = new StringBuilder();
        binaries.messages.forEach(message -> inflated.append(inflate(inflater, 50, message)));
        assertEquals(new String(all, StandardCharsets.ISO_8859_1), inflated.toString());
        return binaries.messages.get(binaries.messages.size() - 1);
    }

    /** Random content shrinks only by referring to where it was before. */
    @ParameterizedTest
    @CsvSource({"8, false", "9, false", "8, true", "9, true", "12, true", "14, true"})
    void shouldReferNoFurtherBackThanTheWindow(final int windowBits, final boolean twoMessages) {
        final byte[] content = random(100);
        final int gap = 1 << windowBits;
        final int all = twoMessages ? 100 : 200 + gap;

        assertTrue(compressed(windowBits, twoMessages, content, gap).length >= all, "refers past the window");
        assertTrue(compressed(15, twoMessages, content, gap).length < all - 50, "refers to nothing");
        assertTrue(compressed(windowBits, false, content, 3).length < 150, "refers to nothing at all");
    }

    private static void inflateAgainAndAgain(
            final MessageInflater inflater, final MessageAssembly target, final int bytes, final String hex) {
        final byte[] block = HexFormat.of().parseHex(hex);
        for (int sent = 0; sent < bytes; sent += block.length) {
            inflater.inflate(ByteBuffer.wrap(block), 0, block.length, false, target);
        }
    }

    /** Blocks without content: stored, with fixed codes, and marked final; also behind a message as long as one may be. */
    @ParameterizedTest
    @CsvSource({"000000ffff, 1000", "0208208000, 1000", "0300, 1000", "000000ffff, 0", "0300, 0"})
    void shouldEndWhenCompressedBytesBringNothing(final String hex, final int room) {
        final MessageInflater inflater = new MessageInflater(true, 100, false);
        final MessageAssembly target = new MessageAssembly(5 + room);
        inflater.inflate(ByteBuffer.wrap(HexFormat.of().parseHex("f248cdc9c90700")), 0, 7, false, target);
        final byte[] end = HexFormat.of().parseHex("000000ffff");
        inflater.inflate(ByteBuffer.wrap(end), 1, end.length - 1, false, target);
        inflateAgainAndAgain(inflater, target, 15_000, hex);
        final ProtocolException flood =
                assertThrows(ProtocolException.class, () -> inflateAgainAndAgain(inflater, target, 3_000, hex));

        assertEquals(CloseReason.FRAGMENT_FLOOD, flood.reason());
        assertEquals(5, target.length());
    }

    @Test
    void shouldEndWhenMostCompressedBytesBringNothing() {
        final MessageInflater inflater = new MessageInflater(true, 100, false);
        final MessageAssembly target = new MessageAssembly(100_000);
        // A stored block of one byte, and ten without any.
        final String slow = "00" + "0100feff" + "61" + "000000ffff".repeat(10);
        final ProtocolException flood =
                assertThrows(ProtocolException.class, () -> inflateAgainAndAgain(inflater, target, 50_000, slow));

        assertEquals(CloseReason.FRAGMENT_FLOOD, flood.reason());
    }

    @Test
    void shouldTakeALongMessageWhoseSenderFlushesBehindEachByte() {
        final MessageInflater inflater = new MessageInflater(true, 100, false);
        final MessageAssembly target = new MessageAssembly(100_000);
        inflateAgainAndAgain(inflater, target, 110_000, "00" + "0100feff" + "61" + "000000ffff");

        assertEquals(10_000, target.length());
    }

    @Test
    void shouldEndWhenContentFollowsAFinalBlockOfAMessageAsLongAsOneMayBe() {
        final MessageAssembly target = new MessageAssembly(5);
        final byte[] twice = HexFormat.of().parseHex("f348cdc9c90700" + "f348cdc9c90700");
        final ProtocolException tooLong = assertThrows(
                ProtocolException.class,
                () -> new MessageInflater(true, 100, false)
                        .inflate(ByteBuffer.wrap(twice), 0, twice.length, true, target));

        assertEquals(CloseReason.MESSAGE_TOO_LONG, tooLong.reason());
    }
}
