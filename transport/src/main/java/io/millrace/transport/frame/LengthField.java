package io.millrace.transport.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A length in 1 to 4 bytes: the message's, plus an adjustment.
 *
 * @param width      in bytes.
 * @param order      of the bytes.
 * @param adjustment what the field says beyond the message's length.
 */
record LengthField(int width, ByteOrder order, int adjustment) {
    LengthField {
        if (width < 1 || width > Integer.BYTES) {
            throw new IllegalArgumentException("fieldBytes must be from 1 to 4: fieldBytes=" + width);
        }
        Objects.requireNonNull(order, "order");
    }

    /** Refuses lengths that the field can't say. */
    void checkRange(final int shortest, final int longest) {
        final long most = width == Integer.BYTES ? Integer.MAX_VALUE : (1L << (Byte.SIZE * width)) - 1;
        if ((long) longest + adjustment > most) {
            throw new IllegalArgumentException("a field of " + width + " bytes says at most " + most
                    + ": maxMessageLength=" + longest + " adjustment=" + adjustment);
        }
        if ((long) shortest + adjustment < 0) {
            throw new IllegalArgumentException(
                    "a length must not be negative: minMessageLength=" + shortest + " adjustment=" + adjustment);
        }
    }

    void write(final ByteBuffer target, final int offset, final int messageLength) {
        final int value = messageLength + adjustment;
        final boolean bigEndian = order == ByteOrder.BIG_ENDIAN;
        switch (width) {
            case 1 -> target.put(offset, (byte) value);
            case 2 -> target.putShort(offset, bigEndian ? (short) value : Short.reverseBytes((short) value));
            case 3 -> {
                target.put(offset, (byte) (bigEndian ? value >>> 16 : value));
                target.put(offset + 1, (byte) (value >>> 8));
                target.put(offset + 2, (byte) (bigEndian ? value : value >>> 16));
            }
            default -> target.putInt(offset, bigEndian ? value : Integer.reverseBytes(value));
        }
    }

    /** The message's length by what the field says, which may be any. */
    long read(final ByteBuffer source, final int offset) {
        final boolean bigEndian = order == ByteOrder.BIG_ENDIAN;
        final int value = switch (width) {
            case 1 -> Byte.toUnsignedInt(source.get(offset));
            case 2 -> {
                final short read = source.getShort(offset);
                yield Short.toUnsignedInt(bigEndian ? read : Short.reverseBytes(read));
            }
            case 3 -> {
                final int first = Byte.toUnsignedInt(source.get(offset));
                final int middle = Byte.toUnsignedInt(source.get(offset + 1)) << 8;
                final int last = Byte.toUnsignedInt(source.get(offset + 2));
                yield middle | (bigEndian ? (first << 16) | last : (last << 16) | first);
            }
            default -> {
                final int read = source.getInt(offset);
                yield bigEndian ? read : Integer.reverseBytes(read);
            }
        };
        return (long) value - adjustment;
    }

    @Override
    public String toString() {
        return "fieldBytes=" + width + " order=" + order + " adjustment=" + adjustment;
    }
}
