package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarintPrefixProtocolTest {
    /** 150 is the example of Protocol Buffers' encoding guide, 624485 that of DWARF's section on LEB128. */
    @ParameterizedTest
    @CsvSource({
        "1, 01",
        "127, 7f",
        "128, 8001",
        "150, 9601",
        "16383, ff7f",
        "16384, 808001",
        "624485, e58e26",
        "2097152, 80808001",
        "268435456, 8080808001",
        "2147483642, faffffff07"
    })
    void shouldEncodeLengthsAsVarints(final int length, final String hex) {
        final VarintPrefixProtocol protocol = new VarintPrefixProtocol(Integer.MAX_VALUE - 5);
        final byte[] header = new byte[protocol.headerLength(length)];
        protocol.encodeHeader(ByteBuffer.wrap(header), 0, length);
        assertArrayEquals(HexFormat.of().parseHex(hex), header);
    }

    private static ProtocolException refused(final Protocol protocol, final String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        final Protocol.Decoder decoder = protocol.newDecoder();
        // Not before: every byte but the last is fine.
        assertEquals(0, decoder.decode(ByteBuffer.wrap(bytes), 0, bytes.length - 1, (b, o, l) -> true));
        return assertThrows(
                ProtocolException.class,
                () -> decoder.decode(ByteBuffer.wrap(bytes), 0, bytes.length, (b, o, l) -> true));
    }

    @ParameterizedTest
    @CsvSource({
        "00, BAD_LENGTH, length=0",
        "8000, BAD_LENGTH, length=0",
        "8100, BAD_LENGTH, length=1",
        "ac02, MESSAGE_TOO_LONG, length=300",
        "ff7f, MESSAGE_TOO_LONG, length=16383",
        "8080, MESSAGE_TOO_LONG, maxMessageLength=299",
        "ffff, MESSAGE_TOO_LONG, bytes>2"
    })
    void shouldRefuseAsSoonAsItIsWrong(final String hex, final CloseReason reason, final String named) {
        final ProtocolException failure = refused(new VarintPrefixProtocol(299), hex);
        assertEquals(reason, failure.reason());
        assertTrue(failure.getMessage().contains(named), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"8080808080, MESSAGE_TOO_LONG", "ffffffff7f, MESSAGE_TOO_LONG", "ffffffff00, BAD_LENGTH"})
    void shouldRefuseMoreThanAnInt(final String hex, final CloseReason reason) {
        assertEquals(
                reason,
                refused(new VarintPrefixProtocol(Integer.MAX_VALUE - 5), hex).reason());
    }

    @Test
    void shouldTakeAnEmptyMessageOnlyWhenAllowed() {
        final Protocol protocol = new VarintPrefixProtocol(10).allowingEmpty();
        final int[] calls = {0};
        assertEquals(2, protocol.newDecoder().decode(ByteBuffer.allocate(2), 0, 2, (b, o, length) -> {
            assertEquals(0, length);
            calls[0]++;
            return true;
        }));
        assertEquals(2, calls[0]);
    }

    @Test
    void shouldNameTheMaximumWhenItIsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new VarintPrefixProtocol(Integer.MAX_VALUE));
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new VarintPrefixProtocol(0));
        assertTrue(failure.getMessage().contains("maxMessageLength=0"), failure.getMessage());
    }
}
