package io.millrace.transport.frame;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Each message up to a delimiter of 1 to 64 bytes, which is not part of it. An empty message is legal: a delimiter alone.
 * For lines use {@link LineProtocol}.
 *
 * <p>A message that holds the delimiter, or whose end and the delimiter's begin make one up, would arrive as other
 * messages, so its sender gets an {@link IllegalArgumentException} and nothing is sent. That costs the sender a look at
 * every byte, eight at a time; {@link #unchecked()} saves it where the content is known.
 *
 * <p>A peer's message without a delimiter in reach ends its connection with {@link CloseReason#DELIMITER_MISSING} as soon
 * as it is longer than the maximum. A decoder looks at no byte twice, but for those of a delimiter that may have begun.
 * Immutable.
 */
public final class DelimiterProtocol implements Protocol {
    /** The longest delimiter in bytes: so many looks a peer may cost per byte. */
    public static final int MAX_DELIMITER_LENGTH = 64;

    private final byte[] delimiter;
    private final long firstBytePattern;
    private final int maxMessageLength;
    private final boolean checked;

    /**
     * Makes a protocol that checks what it sends.
     *
     * @param maxMessageLength in bytes, without the delimiter: positive.
     * @param delimiter        from 1 to 64 bytes.
     * @throws IllegalArgumentException if a length is out of range.
     */
    public DelimiterProtocol(final int maxMessageLength, final byte... delimiter) {
        this(maxMessageLength, delimiter.clone(), true);
    }

    private DelimiterProtocol(final int maxMessageLength, final byte[] delimiter, final boolean checked) {
        if (delimiter.length < 1 || delimiter.length > MAX_DELIMITER_LENGTH) {
            throw new IllegalArgumentException("delimiter must have from 1 to " + MAX_DELIMITER_LENGTH
                    + " bytes: delimiterLength=" + delimiter.length);
        }
        this.maxMessageLength = FrameLimits.checkMaxMessageLength(maxMessageLength, delimiter.length);
        this.delimiter = delimiter;
        this.checked = checked;
        firstBytePattern = ByteSearch.pattern(delimiter[0]);
    }

    /**
     * Sends messages without looking for the delimiter in them.
     *
     * @return a protocol like this one but for that.
     */
    public DelimiterProtocol unchecked() {
        return new DelimiterProtocol(maxMessageLength, delimiter, false);
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
        return delimiter.length;
    }

    @Override
    public void encodeTrailer(final ByteBuffer target, final int offset, final int messageLength) {
        final int end = offset + messageLength;
        target.put(end, delimiter);
        if (checked) {
            final int found = ByteSearch.indexOf(target, offset, end + delimiter.length, delimiter, firstBytePattern);
            if (found != end) {
                throw new IllegalArgumentException("message makes up the delimiter: index=" + (found - offset)
                        + " messageLength=" + messageLength);
            }
        }
    }

    @Override
    public Decoder newDecoder() {
        return new DelimiterDecoder();
    }

    @Override
    public String toString() {
        return "DelimiterProtocol delimiterLength=" + delimiter.length + " maxMessageLength=" + maxMessageLength;
    }

    private final class DelimiterDecoder implements Decoder {
        /** Unconsumed bytes at which no delimiter begins. */
        private int searched;

        @Override
        public int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
            int at = offset;
            int from = offset + searched;
            boolean goOn = true;
            while (goOn && from < limit) {
                from = ByteSearch.indexOf(source, from, limit, delimiter, firstBytePattern);
                final int length = from - at;
                if (length > maxMessageLength) {
                    throw new ProtocolException(
                            CloseReason.DELIMITER_MISSING,
                            "no delimiter in time: maxMessageLength=" + maxMessageLength);
                }
                if (limit - from < delimiter.length) {
                    break;
                }
                goOn = sink.onMessage(source, at, length);
                at = from + delimiter.length;
                from = at;
            }
            searched = from - at;
            return at - offset;
        }
    }
}
