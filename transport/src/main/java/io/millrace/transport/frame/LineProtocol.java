package io.millrace.transport.frame;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Each message a line: up to a line feed, with one carriage return before that taken off, whichever of the two endings is
 * sent. An empty line is an empty message. Bytes behind the last ending, when the peer ends its stream, are a message cut
 * short: they end the connection with {@link CloseReason#TRUNCATED} and are not handed over.
 *
 * <p>A message that would not arrive as it is has no frame, so its sender gets an {@link IllegalArgumentException} and
 * nothing is sent: one with a line feed in it, and with {@link Ending#LF} also one whose last byte is a carriage return.
 * That costs the sender a look at every byte, eight at a time; {@link #unchecked()} saves it where the content is known.
 *
 * <p>A peer's line that is longer than the maximum ends its connection with {@link CloseReason#DELIMITER_MISSING} as soon
 * as no ending can come in time. A decoder looks at no byte twice. Immutable.
 */
public final class LineProtocol implements Protocol {
    /** What is sent behind a line. */
    public enum Ending {
        /** A line feed. */
        LF(1),
        /** A carriage return and a line feed. */
        CRLF(2);

        private final int bytes;

        Ending(final int bytes) {
            this.bytes = bytes;
        }
    }

    private static final byte CARRIAGE_RETURN = '\r';
    private static final byte LINE_FEED = '\n';
    private static final long LINE_FEED_PATTERN = ByteSearch.pattern(LINE_FEED);

    private final int maxMessageLength;
    private final Ending ending;
    private final boolean checked;

    /**
     * Makes a protocol that checks what it sends.
     *
     * @param maxMessageLength in bytes, without the ending: positive.
     * @param ending           to send.
     * @throws IllegalArgumentException if the length is out of range.
     */
    public LineProtocol(final int maxMessageLength, final Ending ending) {
        this(maxMessageLength, ending, true);
    }

    private LineProtocol(final int maxMessageLength, final Ending ending, final boolean checked) {
        this.maxMessageLength = FrameLimits.checkMaxMessageLength(maxMessageLength, Ending.CRLF.bytes);
        this.ending = Objects.requireNonNull(ending, "ending");
        this.checked = checked;
    }

    /**
     * Sends messages without looking for line endings in them.
     *
     * @return a protocol like this one but for that.
     */
    public LineProtocol unchecked() {
        return new LineProtocol(maxMessageLength, ending, false);
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int minMessageLength() {
        return 0;
    }

    @Override
    public int trailerLength(final int messageLength) {
        return ending.bytes;
    }

    @Override
    public void encodeTrailer(final ByteBuffer target, final int offset, final int messageLength) {
        if (checked) {
            check(target, offset, messageLength);
        }
        final int end = offset + messageLength;
        if (ending == Ending.CRLF) {
            target.put(end, CARRIAGE_RETURN).put(end + 1, LINE_FEED);
        } else {
            target.put(end, LINE_FEED);
        }
    }

    private void check(final ByteBuffer target, final int offset, final int messageLength) {
        final int end = offset + messageLength;
        final int found = ByteSearch.indexOf(target, offset, end, LINE_FEED_PATTERN);
        if (found < end) {
            throw new IllegalArgumentException(
                    "message holds a line feed: index=" + (found - offset) + " messageLength=" + messageLength);
        }
        if (ending == Ending.LF && endsInCarriageReturn(target, offset, end)) {
            throw new IllegalArgumentException(
                    "message ends in a carriage return, which the ending LF would hide: messageLength="
                            + messageLength);
        }
    }

    private static boolean endsInCarriageReturn(final ByteBuffer buffer, final int start, final int end) {
        return end > start && buffer.get(end - 1) == CARRIAGE_RETURN;
    }

    @Override
    public Decoder newDecoder() {
        return new LineDecoder();
    }

    @Override
    public String toString() {
        return "LineProtocol ending=" + ending + " maxMessageLength=" + maxMessageLength;
    }

    private final class LineDecoder implements Decoder {
        /** Unconsumed bytes that are no line feed. */
        private int searched;

        @Override
        public int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
            int at = offset;
            int from = offset + searched;
            boolean goOn = true;
            while (goOn && from < limit) {
                from = ByteSearch.indexOf(source, from, limit, LINE_FEED_PATTERN);
                // A carriage return at the end of what is there may turn out to be part of the ending.
                final int length = from - at - (endsInCarriageReturn(source, at, from) ? 1 : 0);
                if (length > maxMessageLength) {
                    throw new ProtocolException(
                            CloseReason.DELIMITER_MISSING,
                            "no line ending in time: maxMessageLength=" + maxMessageLength);
                }
                if (from == limit) {
                    break;
                }
                goOn = sink.onMessage(source, at, length);
                at = from + 1;
                from = at;
            }
            searched = from - at;
            return at - offset;
        }
    }
}
