package io.millrace.transport.websocket;

import java.nio.ByteBuffer;

/** Masks and unmasks in place (RFC 6455 section 5.3), eight bytes at a time. */
final class Masking {
    private Masking() {}

    /**
     * Applies a key.
     *
     * @param buffer big-endian, by absolute access.
     * @param offset of the first byte.
     * @param length in bytes.
     * @param key    of the frame.
     * @param phase  of the first byte in the payload: only its last two bits count.
     */
    static void apply(final ByteBuffer buffer, final int offset, final int length, final int key, final int phase) {
        final int turned = Integer.rotateLeft(key, (phase & 3) << 3);
        final long wide = ((long) turned << Integer.SIZE) | (turned & 0xFFFF_FFFFL);
        final int end = offset + length;
        int at = offset;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            buffer.putLong(at, buffer.getLong(at) ^ wide);
        }
        if (end - at >= Integer.BYTES) {
            buffer.putInt(at, buffer.getInt(at) ^ turned);
            at += Integer.BYTES;
        }
        for (int shift = 24; at < end; at++, shift -= 8) {
            buffer.put(at, (byte) (buffer.get(at) ^ (turned >>> shift)));
        }
    }
}
