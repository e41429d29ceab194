package io.millrace.jmh.connection;

import java.nio.ByteBuffer;

/**
 * What a message carries: sender and sequence, a checksum, then bytes that differ from sender to sender. The checksum
 * covers every byte and their order; only the sequence changes between messages, so that stamping is cheap and checking
 * is not. Every byte is ASCII, so that a message is a text, too. One thread.
 */
@SuppressWarnings("UnusedVariable") // The padding.
public final class Payload {
    /** The shortest that has room for all that is checked. */
    public static final int MIN_LENGTH = 2 * Long.BYTES;

    /** As many as fit into the first two bytes. */
    public static final int MAX_SENDERS = 128 * 128;

    private static final int SENDER_SHIFT = 48;
    private static final long ASCII = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    // Longs on both sides: each message's stamp is written, and another sender's is not to be on its line.
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long next;
    private long count;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
    private final ByteBuffer buffer;
    private final long bodySum;

    /**
     * Makes the first message of a sender.
     *
     * @param sender from 0 to {@link #MAX_SENDERS}, exclusively.
     * @param length of a message in bytes, {@link #MIN_LENGTH} or more.
     */
    public Payload(final int sender, final int length) {
        if (length < MIN_LENGTH) {
            throw new IllegalArgumentException("length must be " + MIN_LENGTH + " or more: length=" + length);
        }
        checkSender(sender);
        buffer = ByteBuffer.allocate(length);
        for (int i = MIN_LENGTH; i < length; i++) {
            buffer.put(i, (byte) ((i * 31 + sender) & 0x7F));
        }
        bodySum = bodySum(buffer, 0, length);
        next = first(sender);
    }

    private static void checkSender(final int sender) {
        if (sender < 0 || sender >= MAX_SENDERS) {
            throw new IllegalArgumentException("sender must be below " + MAX_SENDERS + ": sender=" + sender);
        }
    }

    private static long first(final int sender) {
        return (long) (((sender >>> 7) << Byte.SIZE) | (sender & 0x7F)) << SENDER_SHIFT;
    }

    /**
     * Reads who sent a message.
     *
     * @param source that holds it, big-endian.
     * @param offset of its first byte.
     * @return the sender's number; of no meaning if the message is not whole.
     */
    public static int sender(final ByteBuffer source, final int offset) {
        return sender(source.getLong(offset));
    }

    private static int sender(final long stamp) {
        final int digits = (int) (stamp >>> SENDER_SHIFT);
        return ((digits >>> Byte.SIZE) << 7) | (digits & 0x7F);
    }

    /** The number behind another, of digits from 0 to 127: a full one carries over the bit that is never set. */
    private static long successor(final long stamp) {
        return ((stamp | ~ASCII) + 1) & ASCII;
    }

    /**
     * The message that comes next, until {@link #sent}.
     *
     * @return the message, from 0 to its capacity.
     */
    public ByteBuffer stamped() {
        buffer.putLong(0, next).putLong(Long.BYTES, checksum(bodySum, next));
        return buffer;
    }

    /** The message was accepted. */
    public void sent() {
        next = successor(next);
        count++;
    }

    /**
     * Messages sent.
     *
     * @return their number.
     */
    public long count() {
        return count;
    }

    /** Of 56 bits, seven to a byte. */
    private static long checksum(final long bodySum, final long stamp) {
        long bits = ((bodySum ^ (stamp * FACTOR)) * FACTOR) >>> Byte.SIZE;
        bits = (bits & 0x0FFF_FFFFL) | ((bits & 0x00FF_FFFF_F000_0000L) << 4);
        bits = (bits & 0x0000_3FFF_0000_3FFFL) | ((bits & 0x0FFF_C000_0FFF_C000L) << 2);
        return (bits & 0x007F_007F_007F_007FL) | ((bits & 0x3F80_3F80_3F80_3F80L) << 1);
    }

    /** Two running sums, so that the order counts: no multiplication, which would bound the receiver. */
    private static long bodySum(final ByteBuffer source, final int offset, final int length) {
        long sum = 0;
        long sumOfSums = 0;
        int i = offset + MIN_LENGTH;
        final int end = offset + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            sum += source.getLong(i);
            sumOfSums += sum;
        }
        for (; i < end; i++) {
            sum += source.get(i);
            sumOfSums += sum;
        }
        return sum ^ Long.rotateLeft(sumOfSums, 32);
    }

    /** Checks messages of several senders. One thread. */
    public static final class Check {
        /** Where the first is: written for each message, too. */
        private static final int FIRST = PaddedLong.PADDING;

        private final long[] expected;
        private final int senders;
        private final int firstSender;
        private final int length;

        /**
         * Expects the first message of every sender.
         *
         * @param senders how many there are.
         * @param length  of each message in bytes.
         */
        public Check(final int senders, final int length) {
            this(0, senders, length);
        }

        private Check(final int firstSender, final int senders, final int length) {
            expected = new long[FIRST + senders + PaddedLong.PADDING];
            for (int i = 0; i < senders; i++) {
                expected[FIRST + i] = first(firstSender + i);
            }
            this.senders = senders;
            this.firstSender = firstSender;
            this.length = length;
        }

        /**
         * Expects the messages of one sender alone.
         *
         * @param sender its number.
         * @param length of each message in bytes.
         * @return a check that expects its first message.
         */
        public static Check ofOne(final int sender, final int length) {
            checkSender(sender);
            return new Check(sender, 1, length);
        }

        /**
         * Checks one message.
         *
         * @param source        that holds it, big-endian.
         * @param offset        of its first byte.
         * @param messageLength in bytes.
         * @throws IllegalStateException if it is not the next of its sender, or not as it was sent.
         */
        public void onMessage(final ByteBuffer source, final int offset, final int messageLength) {
            final long stamp = messageLength < MIN_LENGTH ? -1 : source.getLong(offset);
            final int slot = sender(stamp) - firstSender;
            if (messageLength != length
                    || slot < 0
                    || slot >= senders
                    || expected[FIRST + slot] != stamp
                    || source.getLong(offset + Long.BYTES) != checksum(bodySum(source, offset, length), stamp)) {
                throw new IllegalStateException("lost, torn or out of order: stamp=" + Long.toHexString(stamp)
                        + " length=" + messageLength + " offset=" + offset);
            }
            expected[FIRST + slot] = successor(stamp);
        }
    }
}
