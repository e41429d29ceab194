package io.millrace.jmh.demo;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Layout of a record on the wire, big-endian:
 *
 * <pre>
 *  0       4               12              16
 *  +-------+---------------+---------------+------------------+
 *  | sender| sequence      | checksum      | line             |
 *  +-------+---------------+---------------+------------------+
 * </pre>
 *
 * The checksum is the sender's running one: CRC-32C over all its lines up to this one. A ping has the sender
 * {@link #PING} and its scheduled time as the sequence.
 */
final class DemoRecord {
    static final int HEADER_LENGTH = 16;
    static final int PING = -1;

    private static final int SEQUENCE_OFFSET = 4;
    private static final int CHECKSUM_OFFSET = 12;

    private DemoRecord() {}

    static void encode(
            final ByteBuffer target,
            final int sender,
            final long sequence,
            final ByteBuffer line,
            final CRC32C running) {
        final int length = line.remaining();
        running.update(line.array(), line.arrayOffset() + line.position(), length);
        target.clear();
        putHeader(target, sender, sequence, (int) running.getValue());
        target.put(HEADER_LENGTH, line, line.position(), length).limit(HEADER_LENGTH + length);
    }

    static void encodePing(final ByteBuffer target, final long scheduledNs) {
        target.clear();
        putHeader(target, PING, scheduledNs, 0);
        target.limit(HEADER_LENGTH);
    }

    private static void putHeader(final ByteBuffer target, final int sender, final long sequence, final int checksum) {
        target.putInt(0, sender).putLong(SEQUENCE_OFFSET, sequence).putInt(CHECKSUM_OFFSET, checksum);
    }

    static int sender(final ByteBuffer source, final int offset) {
        return source.getInt(offset);
    }

    static long sequence(final ByteBuffer source, final int offset) {
        return source.getLong(offset + SEQUENCE_OFFSET);
    }

    static int checksum(final ByteBuffer source, final int offset) {
        return source.getInt(offset + CHECKSUM_OFFSET);
    }
}
