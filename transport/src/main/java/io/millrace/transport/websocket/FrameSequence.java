package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Which frame may follow which (RFC 6455 section 5.4), and whether the text in them is UTF-8 as far as it has come
 * (section 8.1). Control frames lie between fragments and change nothing. The connection's thread.
 */
final class FrameSequence {
    private int utf8 = Utf8.WHOLE;
    private boolean inMessage;
    private boolean text;
    private boolean compressed;

    /** A data frame begins; {@link #endFrame} ends it. */
    void begin(final FrameParser frame) {
        if (frame.opcode() == FrameDescriptor.CONTINUATION) {
            if (!inMessage) {
                throw FrameParser.violation("continuation of nothing", "opcode", frame.opcode());
            }
            return;
        }
        if (inMessage) {
            throw FrameParser.violation("new message inside another", "opcode", frame.opcode());
        }
        inMessage = true;
        text = frame.opcode() == FrameDescriptor.TEXT;
        compressed = frame.isCompressed();
        utf8 = Utf8.WHOLE;
    }

    boolean isText() {
        return text;
    }

    boolean isCompressed() {
        return compressed;
    }

    /** Looks at the next content of the message: unmasked, and if it was compressed, inflated. */
    void check(final ByteBuffer buffer, final int offset, final int limit) {
        if (text) {
            utf8 = Utf8.advance(utf8, buffer, offset, limit);
            if (utf8 == Utf8.INVALID) {
                throw invalid("text is not UTF-8");
            }
        }
    }

    /** A message ends with this frame, or goes on. */
    void endFrame(final boolean last) {
        if (last) {
            inMessage = false;
            if (text && utf8 != Utf8.WHOLE) {
                throw invalid("text ends inside a character");
            }
        }
    }

    private static ProtocolException invalid(final String what) {
        return new ProtocolException(CloseReason.INVALID_UTF8, what);
    }
}
