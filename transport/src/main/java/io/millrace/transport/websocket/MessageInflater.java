package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates messages (RFC 7692 section 7.2.2), up to a bound in bytes and in their ratio to what came; and what came has to bring
 * something, for blocks may be empty and no length bounds those. The connection's thread.
 */
final class MessageInflater {
    private static final int CHUNK = 4 * 1024;

    /** Below so many bytes no ratio is too high. */
    private static final int FREE_LENGTH = 16 * 1024;

    /**
     * Compressed bytes that each byte of content allows for. A sender that flushes behind each byte needs eight, and the
     * header of a block about 300 at once.
     */
    private static final int MAX_COST = 16;

    /** Compressed bytes that may bring nothing, beside those allowed for. */
    private static final int FREE_FRUITLESS = 16 * 1024;

    /** What the sender left out behind each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final boolean keepsContext;
    private final int maxRatio;

    /** Whether a full target is emptied, and not the end of a message that is too long. */
    private final boolean inPieces;

    /** Null while no context is kept and no message comes. */
    private Inflater inflater;

    private ByteBuffer input = NOTHING;

    /** Whether no stream has begun: then there is nothing that the tail could end. */
    private boolean atStart = true;

    private boolean inTail;
    private boolean done = true;

    /** Bytes that are not done with, but counted, and of those, at the front, bytes that the inflater has already. */
    private int counted;

    private int fed;

    private long messageIn;
    private long messageOut;

    /** Compressed bytes of which nothing came, less what content has made up for since. Of all messages. */
    private long fruitless;

    MessageInflater(final boolean keepsContext, final int maxRatio, final boolean inPieces) {
        this.keepsContext = keepsContext;
        this.maxRatio = maxRatio;
        this.inPieces = inPieces;
    }

    /**
     * Inflates what comes of a message behind what is in the target. In pieces, a target may become full: then not all is
     * {@linkplain #isDone() done}, and the bytes that were not taken, of which there is one if any came, are to be given
     * again, with or without more, once there is room.
     *
     * @return how many bytes were taken.
     */
    int inflate(
            final ByteBuffer source,
            final int offset,
            final int length,
            final boolean last,
            final MessageAssembly target) {
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        messageIn += length - counted;
        try {
            if (!inTail) {
                feed(source.duplicate().limit(offset + length).position(offset + fed));
            }
            boolean isDone = drain(target);
            if (isDone && last && !inTail && !atStart) {
                inTail = true;
                feed(ByteBuffer.wrap(TAIL));
                isDone = drain(target);
            }
            done = isDone;
        } catch (final DataFormatException ex) {
            throw new ProtocolException(CloseReason.COMPRESSION_ERROR, "compressed message broken: " + ex.getMessage());
        }
        if (done) {
            input = NOTHING;
            counted = 0;
            fed = 0;
            if (last) {
                end();
            }
        } else {
            final int rest = inTail ? 0 : input.remaining();
            fed = rest == 0 ? Math.min(1, length) : 0;
            counted = rest + fed;
        }
        return length - counted;
    }

    /** Whether nothing is left that the target had no room for. */
    boolean isDone() {
        return done;
    }

    private void feed(final ByteBuffer next) {
        input = next;
        inflater.setInput(next);
        atStart &= !next.hasRemaining();
    }

    /** False if the target is full, so that there may be more. */
    private boolean drain(final MessageAssembly target) throws DataFormatException {
        while (true) {
            if (inflater.finished()) {
                // A block marked final ends the stream of the JDK's inflater, not the message: section 7.2.3.4.
                // With the stream goes its window: senders end one where they begin another, and refer to nothing
                // before.
                inflater.reset();
                inflater.setInput(input);
                atStart = !input.hasRemaining();
            }
            final boolean isFull = target.roomLeft() == 0;
            if (isFull && inPieces) {
                return false;
            }
            final int before = input.remaining();
            final int bytes = isFull ? inflateNothing(target) : inflateInto(target);
            checkProgress(before - input.remaining(), bytes);
            checkRatio(bytes);
            if (bytes == 0 && !inflater.finished()) {
                return true;
            }
        }
    }

    private int inflateInto(final MessageAssembly target) throws DataFormatException {
        final int room = Math.min(CHUNK, target.roomLeft());
        final ByteBuffer content = target.room(room);
        final int bytes = inflater.inflate(
                content.duplicate().limit(target.length() + room).position(target.length()));
        target.added(bytes);
        return bytes;
    }

    /** The message is as long as it may be: what follows may be empty blocks alone. */
    private int inflateNothing(final MessageAssembly target) throws DataFormatException {
        target.checkFits(inflater.inflate(new byte[1]));
        return 0;
    }

    private void checkProgress(final int consumed, final int bytes) {
        fruitless = Math.max(0, fruitless + consumed - (long) MAX_COST * bytes);
        if (fruitless > FREE_FRUITLESS) {
            throw new ProtocolException(
                    CloseReason.FRAGMENT_FLOOD, "compressed bytes that bring nothing: bytes=" + fruitless);
        }
    }

    private void checkRatio(final int bytes) {
        messageOut += bytes;
        if (messageOut > FREE_LENGTH && messageOut / maxRatio > messageIn) {
            throw new ProtocolException(
                    CloseReason.MESSAGE_TOO_LONG,
                    "message inflates too much: received=" + messageIn + " inflated=" + messageOut + " maxRatio="
                            + maxRatio);
        }
    }

    private void end() {
        inTail = false;
        messageIn = 0;
        messageOut = 0;
        if (!keepsContext) {
            close();
        }
    }

    /** Lets go of the native memory. Idempotent. */
    void close() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
            atStart = true;
        }
    }
}
