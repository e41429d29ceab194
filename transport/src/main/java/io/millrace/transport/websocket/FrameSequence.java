package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Which frame may follow which (RFC 6455 section 5.4), and whether the text in them is UTF-8 as far as it has come
 * (section 8.1). Control frames lie between fragments and change nothing. Fragments without content are legal, and bounded,
 * for no length bounds them (section 10.4). The connection's thread.
 */
final class FrameSequence {
    /** Fragments without content that may follow one another in a message: also compressed ones that inflate to nothing. */
    static final int MAX_EMPTY_FRAGMENTS = 128;

    private int utf8 = Utf8.WHOLE;
    private boolean inMessage;
    private boolean text;
    private boolean compressed;
    private boolean hasContent;
    private int emptyFragments;

    /** A data frame begins; {@link #endFrame} ends it. */
    void begin(final FrameParser frame) {
        hasContent = false;
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
        emptyFragments = 0;
    }

    boolean isText() {
        return text;
    }

    boolean isCompressed() {
        return compressed;
    }

    /** Looks at the next content of the message: unmasked, and if it was compressed, inflated. */
    void check(final ByteBuffer buffer, final int offset, final int limit) {
        hasContent |= offset < limit;
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
        } else if (hasContent) {
            emptyFragments = 0;
        } else if (++emptyFragments > MAX_EMPTY_FRAGMENTS) {
            throw new ProtocolException(
                    CloseReason.FRAGMENT_FLOOD, "fragments without content: max=" + MAX_EMPTY_FRAGMENTS);
        }
    }

    private static ProtocolException invalid(final String what) {
        return new ProtocolException(CloseReason.INVALID_UTF8, what);
    }
}
