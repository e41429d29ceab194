package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Encodes and decodes as a connection does, with the bytes at any place of a buffer. */
final class Frames {
    private static final int PLACE = 3;

    private Frames() {}

    static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(final byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** One message's frame; header and trailer must stay within it. */
    static byte[] encode(final Protocol protocol, final byte[] message) {
        final int length = message.length;
        final int frameLength = protocol.frameLength(length);
        final ByteBuffer buffer = ByteBuffer.allocateDirect(frameLength + 2 * PLACE);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0x55);
        }
        protocol.encodeHeader(buffer, PLACE, length);
        buffer.put(PLACE + protocol.headerLength(length), message);
        protocol.encodeTrailer(buffer, PLACE, length);
        for (int i = 0; i < PLACE; i++) {
            assertEquals(0x55, buffer.get(i));
            assertEquals(0x55, buffer.get(PLACE + frameLength + i));
        }
        final byte[] frame = new byte[frameLength];
        buffer.get(PLACE, frame);
        return frame;
    }

    static byte[] encode(final Protocol protocol, final List<byte[]> messages) {
        final ByteBuffer all = ByteBuffer.allocate(
                messages.stream().mapToInt(m -> protocol.frameLength(m.length)).sum());
        messages.forEach(message -> all.put(encode(protocol, message)));
        return all.array();
    }

    /** Feeds pieces that end at the given places, and keeps what a decoder leaves as a connection would: moved. */
    static List<String> decode(final Protocol protocol, final byte[] bytes, final int... ends) {
        final Protocol.Decoder decoder = protocol.newDecoder();
        final List<String> messages = new ArrayList<>();
        final ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 2 * PLACE);
        int at = 0;
        int consumed = 0;
        int place = 0;
        for (int i = 0; i <= ends.length; i++) {
            final int end = i < ends.length ? ends[i] : bytes.length;
            assertTrue(end >= at);
            at = end;
            final int rest = at - consumed;
            buffer.put(place, bytes, consumed, rest);
            final int decoded = decoder.decode(buffer, place, place + rest, (source, offset, length) -> {
                final byte[] message = new byte[length];
                source.get(offset, message);
                return messages.add(text(message));
            });
            assertTrue(decoded >= 0 && decoded <= rest, "decoded=" + decoded);
            consumed += decoded;
            place = (place + 1) % PLACE;
        }
        assertEquals(bytes.length, consumed, "a whole number of frames leaves nothing");
        return messages;
    }

    static int[] everyByte(final int length) {
        final int[] ends = new int[length];
        for (int i = 0; i < length; i++) {
            ends[i] = i;
        }
        return ends;
    }
}
