package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a close frame says: RFC 6455 section 5.5.1. */
record CloseFrame(int code, String reason) {
    /** There was no such frame. */
    static final CloseFrame MISSING = new CloseFrame(CloseCodes.ABNORMAL, "");

    private static final int CODE_LENGTH = 2;
    private static final CloseFrame EMPTY = new CloseFrame(CloseCodes.NONE, "");

    /** One to be sent. */
    static CloseFrame toSend(final int code, final String reason) {
        if (!CloseCodes.isLegal(code)) {
            throw new IllegalArgumentException("not a code that may be sent: code=" + code);
        }
        final int length = reason.getBytes(StandardCharsets.UTF_8).length;
        if (length > FrameDescriptor.MAX_SHORT - CODE_LENGTH) {
            throw new IllegalArgumentException("reason longer than 123 bytes: length=" + length);
        }
        return new CloseFrame(code, reason);
    }

    /** One that came, unmasked. */
    static CloseFrame parse(final ByteBuffer buffer, final int offset, final int length) {
        if (length == 0) {
            return EMPTY;
        }
        if (length < CODE_LENGTH) {
            throw FrameParser.violation("close frame with half a code", "length", length);
        }
        final int code = buffer.getShort(offset) & 0xFFFF;
        if (!CloseCodes.isLegal(code)) {
            throw FrameParser.violation("close frame with an illegal code", "code", code);
        }
        final int from = offset + CODE_LENGTH;
        if (!Utf8.isValid(buffer, from, offset + length)) {
            throw new ProtocolException(CloseReason.INVALID_UTF8, "the reason of a close frame is not UTF-8");
        }
        return new CloseFrame(code, WebSocketHandler.text(buffer, from, length - CODE_LENGTH));
    }

    byte[] payload() {
        if (code == CloseCodes.NONE) {
            return new byte[0];
        }
        final byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(CODE_LENGTH + text.length)
                .putShort((short) code)
                .put(text)
                .array();
    }
}
