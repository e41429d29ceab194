package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/**
 * Generates frames of one kind: the same first byte, masked or not. Encodes only: a connection's
 * {@link MessageForm} decodes. Immutable; any thread.
 */
final class FrameForm implements Protocol {
    private final int firstByte;
    private final int maxLength;

    /** Null for a server, which does not mask. */
    private final MaskingKeys keys;

    private final boolean checksUtf8;

    FrameForm(final int firstByte, final int maxLength, final MaskingKeys keys, final boolean checksUtf8) {
        this.firstByte = firstByte;
        this.maxLength = maxLength;
        this.keys = keys;
        this.checksUtf8 = checksUtf8;
    }

    @Override
    public int maxMessageLength() {
        return maxLength;
    }

    @Override
    public int minMessageLength() {
        return 0;
    }

    @Override
    public int headerLength(final int messageLength) {
        return FrameDescriptor.headerLength(messageLength, keys != null);
    }

    @Override
    public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
        final int maskBit = keys == null ? 0 : FrameDescriptor.MASK;
        target.put(offset, (byte) firstByte);
        int at = offset + 2;
        if (messageLength <= FrameDescriptor.MAX_SHORT) {
            target.put(offset + 1, (byte) (maskBit | messageLength));
        } else if (messageLength <= FrameDescriptor.MAX_16) {
            target.put(offset + 1, (byte) (maskBit | FrameDescriptor.LENGTH_16));
            target.putShort(at, (short) messageLength);
            at += Short.BYTES;
        } else {
            target.put(offset + 1, (byte) (maskBit | FrameDescriptor.LENGTH_64));
            target.putLong(at, messageLength);
            at += Long.BYTES;
        }
        if (keys != null) {
            target.putInt(at, keys.take());
        }
    }

    @Override
    public void encodeTrailer(final ByteBuffer target, final int offset, final int messageLength) {
        final int payload = offset + headerLength(messageLength);
        if (checksUtf8 && !Utf8.isValid(target, payload, payload + messageLength)) {
            throw new IllegalArgumentException("text is not UTF-8: length=" + messageLength);
        }
        if (keys != null) {
            Masking.apply(target, payload, messageLength, target.getInt(payload - FrameDescriptor.KEY_LENGTH), 0);
        }
    }

    /** A frame by itself: for what does not go through a ring. The connection's thread. */
    ByteBuffer frame(final byte... payload) {
        final ByteBuffer frame = ByteBuffer.allocate(frameLength(payload.length));
        encodeHeader(frame, 0, payload.length);
        frame.put(headerLength(payload.length), payload);
        encodeTrailer(frame, 0, payload.length);
        return frame;
    }

    @Override
    public Decoder newDecoder() {
        throw new IllegalStateException("only encodes: " + this);
    }

    @Override
    public String toString() {
        return "WebSocket frames firstByte=" + Integer.toHexString(firstByte) + " masked=" + (keys != null)
                + " maxMessageLength=" + maxLength;
    }
}
