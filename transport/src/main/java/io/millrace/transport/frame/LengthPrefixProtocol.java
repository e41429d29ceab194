package io.millrace.transport.frame;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Each message behind its length, in a field of 1 to 4 bytes. The field is unsigned but for 4 bytes, where a set top bit
 * makes it negative, and a negative length is refused.
 *
 * <p>What the field says is the message's length plus an adjustment: none by default, the field's own width if it
 * {@linkplain #countingItself() counts itself}. Every setter answers a new protocol and checks that the field can say
 * every length from the shortest message's to the longest's.
 *
 * <p>A peer's length out of that range ends its connection, with {@link io.millrace.transport.CloseReason#BAD_LENGTH} or
 * {@link io.millrace.transport.CloseReason#MESSAGE_TOO_LONG}, as soon as the field is there. Immutable.
 */
public final class LengthPrefixProtocol implements Protocol {
    private final int maxMessageLength;
    private final int minMessageLength;
    private final LengthField field;
    private final Decoder decoder = this::decode;

    /**
     * Makes a protocol with a field of 4 bytes, big-endian, that does not count itself.
     *
     * @param maxMessageLength in bytes: positive.
     * @throws IllegalArgumentException if that is out of range.
     */
    public LengthPrefixProtocol(final int maxMessageLength) {
        this(Integer.BYTES, maxMessageLength);
    }

    /**
     * Makes a protocol with a big-endian field that does not count itself.
     *
     * @param fieldBytes       width of the field in bytes: from 1 to 4.
     * @param maxMessageLength in bytes: positive, and no more than the field can say.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public LengthPrefixProtocol(final int fieldBytes, final int maxMessageLength) {
        this(new LengthField(fieldBytes, ByteOrder.BIG_ENDIAN, 0), 1, maxMessageLength);
    }

    private LengthPrefixProtocol(final LengthField field, final int minMessageLength, final int maxMessageLength) {
        FrameLimits.checkMaxMessageLength(maxMessageLength, field.width());
        field.checkRange(minMessageLength, maxMessageLength);
        this.field = field;
        this.minMessageLength = minMessageLength;
        this.maxMessageLength = maxMessageLength;
    }

    /**
     * Sets the field's byte order.
     *
     * @param order of the bytes.
     * @return a protocol like this one but for that.
     */
    public LengthPrefixProtocol order(final ByteOrder order) {
        return with(new LengthField(field.width(), order, field.adjustment()), minMessageLength);
    }

    /**
     * Lets the field count its own bytes too.
     *
     * @return a protocol like this one but for that.
     * @throws IllegalArgumentException if the longest message's length, so counted, is more than the field can say.
     */
    public LengthPrefixProtocol countingItself() {
        return adjustment(field.width());
    }

    /**
     * Sets what the field says beyond the message's length: positive if it counts bytes that are not the message's.
     *
     * @param bytes to add to a message's length.
     * @return a protocol like this one but for that.
     * @throws IllegalArgumentException if a legal message's length, so counted, is negative or more than the field can say.
     */
    public LengthPrefixProtocol adjustment(final int bytes) {
        return with(new LengthField(field.width(), field.order(), bytes), minMessageLength);
    }

    /**
     * Makes messages of no bytes legal, which by default they are not.
     *
     * @return a protocol like this one but for that.
     * @throws IllegalArgumentException if the adjustment makes their length negative.
     */
    public LengthPrefixProtocol allowingEmpty() {
        return with(field, 0);
    }

    private LengthPrefixProtocol with(final LengthField newField, final int newMinimum) {
        return new LengthPrefixProtocol(newField, newMinimum, maxMessageLength);
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int minMessageLength() {
        return minMessageLength;
    }

    @Override
    public int headerLength(final int messageLength) {
        return field.width();
    }

    @Override
    public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
        field.write(target, offset, messageLength);
    }

    /** The decoder keeps nothing between calls, so that one serves all. */
    @Override
    public Decoder newDecoder() {
        return decoder;
    }

    private int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
        final int width = field.width();
        int at = offset;
        boolean goOn = true;
        while (goOn && limit - at >= width) {
            final int length = FrameLimits.checkLength(field.read(source, at), minMessageLength, maxMessageLength);
            if (limit - at - width < length) {
                break;
            }
            at += width;
            goOn = sink.onMessage(source, at, length);
            at += length;
        }
        return at - offset;
    }

    @Override
    public String toString() {
        return "LengthPrefixProtocol " + field + " minMessageLength=" + minMessageLength + " maxMessageLength="
                + maxMessageLength;
    }
}
