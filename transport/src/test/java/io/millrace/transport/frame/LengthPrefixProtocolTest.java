package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthPrefixProtocolTest {
    private static final int MAX = 10;

    private static byte[] header(final LengthPrefixProtocol protocol, final int messageLength) {
        final byte[] header = new byte[protocol.headerLength(messageLength)];
        protocol.encodeHeader(ByteBuffer.wrap(header), 0, messageLength);
        return header;
    }

    private static ProtocolException refused(final Protocol protocol, final byte... header) {
        return assertThrows(
                ProtocolException.class,
                () -> protocol.newDecoder().decode(ByteBuffer.wrap(header), 0, header.length, (b, o, l) -> true));
    }

    @Test
    void shouldLayTheFieldOutAsConfigured() {
        final int length = 0x0A0B0C;
        final LengthPrefixProtocol three = new LengthPrefixProtocol(3, length);
        assertArrayEquals(new byte[] {10, 11, 12}, header(three, length));
        assertArrayEquals(new byte[] {12, 11, 10}, header(three.order(ByteOrder.LITTLE_ENDIAN), length));
        assertArrayEquals(new byte[] {10, 11, 15}, header(three.countingItself(), length));
        assertArrayEquals(new byte[] {10, 11, 11}, header(three.adjustment(-1), length));
        final LengthPrefixProtocol four = new LengthPrefixProtocol(length);
        assertArrayEquals(new byte[] {0, 10, 11, 12}, header(four, length));
        assertArrayEquals(new byte[] {12, 11, 10, 0}, header(four.order(ByteOrder.LITTLE_ENDIAN), length));
        final LengthPrefixProtocol two = new LengthPrefixProtocol(2, 0x0B0C);
        assertArrayEquals(new byte[] {11, 12}, header(two, 0x0B0C));
        assertArrayEquals(new byte[] {12, 11}, header(two.order(ByteOrder.LITTLE_ENDIAN), 0x0B0C));
        assertArrayEquals(new byte[] {(byte) 255}, header(new LengthPrefixProtocol(1, 255), 255));
    }

    @ParameterizedTest
    @CsvSource({"0, BAD_LENGTH", "-1, BAD_LENGTH", "11, MESSAGE_TOO_LONG", "2147483647, MESSAGE_TOO_LONG"})
    void shouldNameTheLengthWhenItIsOutOfRange(final int length, final CloseReason reason) {
        final Protocol protocol = new LengthPrefixProtocol(MAX);
        final ProtocolException failure =
                refused(protocol, ByteBuffer.allocate(4).putInt(0, length).array());
        assertEquals(reason, failure.reason());
        assertTrue(failure.getMessage().contains("length=" + length), failure.getMessage());
        assertEquals(0, failure.getStackTrace().length);
    }

    @Test
    void shouldRefuseALengthThatDoesNotEvenCountItself() {
        final LengthPrefixProtocol protocol = new LengthPrefixProtocol(2, MAX).countingItself();
        assertEquals(
                CloseReason.BAD_LENGTH, refused(protocol, (byte) 0, (byte) 1).reason());
        assertEquals(
                CloseReason.BAD_LENGTH, refused(protocol, (byte) 0, (byte) 2).reason(), "an empty message");
        assertEquals(
                CloseReason.MESSAGE_TOO_LONG,
                refused(protocol, (byte) 0, (byte) 13).reason());
        final ProtocolException negative = refused(protocol.allowingEmpty(), (byte) 0, (byte) 1);
        assertTrue(negative.getMessage().contains("length=-1"), negative.getMessage());
    }

    @Test
    void shouldNotOverflowWhenAnAdjustedLengthIsExtreme() {
        final LengthPrefixProtocol protocol = new LengthPrefixProtocol(MAX);
        final byte[] most = {127, -1, -1, -1};
        final byte[] least = {-128, 0, 0, 0};
        assertEquals(
                CloseReason.MESSAGE_TOO_LONG,
                refused(protocol.adjustment(-1), most).reason());
        assertEquals(
                CloseReason.BAD_LENGTH,
                refused(protocol.adjustment(1000), least).reason());
    }

    @Test
    void shouldTakeAnEmptyMessageOnlyWhenAllowed() {
        final LengthPrefixProtocol protocol = new LengthPrefixProtocol(1, MAX).allowingEmpty();
        assertEquals(0, protocol.minMessageLength());
        assertEquals(1, protocol.frameLength(0));
        final int[] calls = {0};
        protocol.newDecoder().decode(ByteBuffer.allocate(3), 0, 3, (b, o, length) -> {
            assertEquals(0, length);
            calls[0]++;
            return true;
        });
        assertEquals(3, calls[0]);
    }

    @ParameterizedTest
    @CsvSource({"1, 256", "2, 65536", "3, 16777216", "1, 0", "4, 2147483644", "0, 1", "5, 1", "1, -1"})
    void shouldRefuseWhatTheFieldCannotSay(final int fieldBytes, final int maxMessageLength) {
        final IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class, () -> new LengthPrefixProtocol(fieldBytes, maxMessageLength));
        assertTrue(
                failure.getMessage().contains("maxMessageLength=" + maxMessageLength)
                        || failure.getMessage().contains("fieldBytes=" + fieldBytes),
                failure.getMessage());
    }

    @Test
    void shouldRefuseAnAdjustmentThatTheFieldCannotSay() {
        final LengthPrefixProtocol protocol = new LengthPrefixProtocol(1, 255);
        assertThrows(IllegalArgumentException.class, protocol::countingItself);
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> protocol.adjustment(-2));
        assertTrue(failure.getMessage().contains("adjustment=-2"), failure.getMessage());
        assertEquals(254, new LengthPrefixProtocol(1, 254).countingItself().maxMessageLength());
        assertThrows(
                IllegalArgumentException.class, () -> protocol.adjustment(-1).allowingEmpty());
    }
}
