package io.millrace.ring;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Records as text, so that a failed assertion can be read. */
final class Text {
    private Text() {}

    static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    static String text(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return new String(bytes, ISO_8859_1);
    }

    /** What lies between position and limit. */
    static String text(final ByteBuffer region) {
        return text(region, region.position(), region.remaining());
    }

    /** A record that differs from its neighbours in every byte. */
    static String record(final int number, final int length) {
        final char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = (char) ('A' + (number * 7 + i) % 50);
        }
        return new String(chars);
    }

    static List<String> readAll(final ByteRing ring) {
        return read(ring, Integer.MAX_VALUE);
    }

    static List<String> read(final ByteRing ring, final int limit) {
        final List<String> records = new ArrayList<>();
        ring.read((buffer, offset, length) -> records.add(text(buffer, offset, length)), limit);
        return records;
    }
}
