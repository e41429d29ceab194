package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strings and bytes, for peers that speak in the one or the other. */
final class Texts {
    private Texts() {}

    /** The text in a range of a buffer. */
    static String of(final ByteBuffer source, final int offset, final int length) {
        if (source.hasArray()) {
            return new String(source.array(), source.arrayOffset() + offset, length, StandardCharsets.UTF_8);
        }
        return new String(bytes(source, offset, length), StandardCharsets.UTF_8);
    }

    /** A copy of a range. */
    static byte[] bytes(final ByteBuffer source, final int offset, final int length) {
        final byte[] copy = new byte[length];
        source.get(offset, copy);
        return copy;
    }

    /** Hands a text to a receiver. */
    static void receive(final Link.Receiver receiver, final String text, final Link.Sender reply) {
        receive(receiver, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), reply);
    }

    /** Hands what lies between position and limit to a receiver. */
    static void receive(final Link.Receiver receiver, final ByteBuffer message, final Link.Sender reply) {
        try {
            receiver.onMessage(message, message.position(), message.remaining(), reply);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
