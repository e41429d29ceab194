package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.aeron.Image;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An open connection's two streams, and what its ends tell each other of them. The connection's thread; senders have their own
 * ways into the publication.
 *
 * <p>How it ends: who ends its stream says so behind its last message ({@link Wire#ENDED}); the other, who has then taken all,
 * answers with how much that was ({@link Wire#SEEN}). Who cuts off says what it has taken ({@link Wire#STOPPED}) and revokes its
 * publication, and the other stops at once and answers likewise. What was said before a revocation can still be read behind it,
 * until Aeron's client hears of it. Now and then each says what it has taken anyway, for its last word may not come through: its
 * process dies, or stands still for longer than its answer is waited for; there is no room for it; or its datagram is lost, and
 * a revoked stream sends none again. Then it is known almost to the last: none of a stream that was cut off sooner than it was
 * first told of.
 */
final class AeronStreams {
    /** Room is told of when it is this part of the window. */
    private static final int ROOM_PART = 4;

    private static final long TELL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long to try to tell a peer that has revoked its stream what was taken of it. */
    private static final long LAST_WORD_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Behind the end, where no message is handed over. */
    private static final Protocol.MessageSink NOBODY = (buffer, offset, length) -> true;

    private final ConcurrentPublication publication;
    private final Image image;
    private final int worthTelling;
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[Wire.STATE_LENGTH]);
    private final LogReader reader;
    private final ControlledFragmentHandler peek = this::onPeek;
    private final ControlledFragmentHandler lastWords = this::onLastWords;

    private boolean peeked;

    /** How many of the peer's messages that were taken it has been told of. */
    private long told;

    private long toldNs;

    /** Messages that the peer has taken. */
    private long takenThere;

    private boolean ended;
    private boolean endedSecond;
    private boolean peerEnded;
    private boolean peerHasSeenEnd;
    private boolean toldSeen;
    private boolean peerStopped;
    private boolean cutOff;
    private long cutOffNs;

    AeronStreams(
            final ConcurrentPublication publication,
            final Image image,
            final int maxMessageLength,
            final int windowLength) {
        this.publication = publication;
        this.image = image;
        reader = new LogReader(maxMessageLength, this::onState);
        worthTelling = windowLength / ROOM_PART;
        toldNs = System.nanoTime();
    }

    // ---- in ----

    /** Hands messages over; answers how many, or -1 at the end of the peer's stream. */
    int poll(final Protocol.MessageSink to, final int limit) {
        if (peerEnded) {
            return -1;
        }
        if (cutOff || image.isPublicationRevoked()) {
            return 0;
        }
        final int messages = reader.poll(image, to, limit);
        return messages == 0 && peerEnded ? -1 : messages;
    }

    private Action onState(final int flags, final long taken) {
        takenThere = Math.max(takenThere, taken);
        peerHasSeenEnd |= (flags & Wire.SEEN) != 0;
        peerStopped |= (flags & Wire.STOPPED) != 0;
        if ((flags & Wire.ENDED) != 0) {
            peerEnded = true;
            reader.noMore();
            return Action.BREAK;
        }
        return Action.CONTINUE;
    }

    /** Whether something has come that a turn would find; takes nothing. */
    boolean hasMessage() {
        if (image.isClosed() || cutOff || peerStopped || image.isPublicationRevoked()) {
            return true;
        }
        peeked = false;
        final long position = image.position();
        // Padding at the end of a term is passed over, and is to be taken, too.
        return image.controlledPeek(position, peek, position + 1) > position || peeked;
    }

    private Action onPeek(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        peeked = true;
        return Action.ABORT;
    }

    /**
     * Before Aeron's client is invoked, which closes an image once it hears of the revocation: takes what the peer has said of
     * our stream by then, and passes over its messages.
     */
    void beforeInvoke() {
        if (image.isPublicationRevoked()) {
            readLastWords();
        }
    }

    private void readLastWords() {
        long before;
        do {
            before = image.position();
            image.controlledPoll(lastWords, Integer.MAX_VALUE);
        } while (image.position() > before);
    }

    private Action onLastWords(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        if (header.reservedValue() == Wire.STATE && length >= Wire.STATE_LENGTH) {
            takenThere = Math.max(takenThere, Wire.stateTaken(buffer, offset));
            peerStopped |= (Wire.stateFlags(buffer, offset) & Wire.STOPPED) != 0;
        }
        return Action.CONTINUE;
    }

    // ---- out ----

    boolean isRoomy() {
        return publication.availableWindow() >= worthTelling;
    }

    long taken() {
        return takenThere;
    }

    /** Whether the peer has said that it takes nothing any more. */
    boolean isTakenFinal() {
        return peerStopped;
    }

    /** Says that nothing comes any more; whether the peer has taken all. */
    boolean end(final long accepted) {
        if (!ended) {
            final boolean second = peerEnded;
            ended = tell(Wire.ENDED | (second ? Wire.SEEN : 0));
            endedSecond = ended && second;
            toldSeen |= endedSecond;
        }
        return ended && takenThere >= accepted && (peerHasSeenEnd || endedSecond);
    }

    /** Says that all of the peer's is taken. */
    boolean farewell() {
        if (!toldSeen) {
            toldSeen = tell(Wire.SEEN);
        }
        return toldSeen;
    }

    /** Says what was taken, and that no more will be; if there is room for it. */
    void stop() {
        if (!tell(Wire.STOPPED)) {
            // Nobody else offers any more: if it was a term's end, it is the next term's beginning now.
            tell(Wire.STOPPED);
        }
    }

    /**
     * Whether the peer has said that it takes nothing any more, or can't say so: also because it has cut us off at the same time.
     * Our publication may be revoked by now.
     */
    boolean hasStopped() {
        final boolean over = image.isClosed() || image.isPublicationRevoked();
        if (over || peerEnded) {
            readLastWords();
        }
        return over || peerStopped || image.isEndOfStream();
    }

    /** Whether the peer has cut us off: what is last said to it must not be revoked; {@link #look} says it, and ends. */
    boolean isCutOff() {
        return cutOff;
    }

    private boolean isGone() {
        return image.isClosed() || !publication.isConnected() || image.isEndOfStream();
    }

    private boolean tell(final int flags) {
        final long taken = reader.taken();
        final boolean said = Wire.state(publication, out, flags, taken);
        if (said) {
            told = taken;
            toldNs = System.nanoTime();
        }
        return said;
    }

    // ---- both ----

    /**
     * Looks whether the peer is still there, and tells it now and then what was taken. With the peer's stream at its end, or
     * while nobody else polls, it still looks for what the peer says of ours.
     *
     * @throws ProtocolException if the connection is over.
     */
    void look() {
        if (cutOff || peerStopped || image.isPublicationRevoked()) {
            onCutOff();
            return;
        }
        if (peerEnded) {
            if (image.isClosed()) {
                reader.release();
            }
            reader.poll(image, NOBODY, 1);
            farewell();
        }
        // With both ends said, who goes does so in order.
        if (!(peerEnded && ended) && isGone()) {
            // The driver sets the stream's end right behind the revocation, so that here the end may have been seen
            // first.
            if (image.isPublicationRevoked()) {
                onCutOff();
                return;
            }
            readLastWords();
            throw new ProtocolException(CloseReason.PEER_RESET, "the peer is gone without an end: " + describe());
        }
        if (told != reader.taken() && System.nanoTime() - toldNs >= TELL_NS) {
            // If there is no room for it, then a little later.
            tell(0);
        }
    }

    /** What handlers were given of the log is empty from here on, for it will be unmapped. */
    void release() {
        reader.release();
    }

    private void onCutOff() {
        readLastWords();
        final long nowNs = System.nanoTime();
        if (!cutOff) {
            cutOff = true;
            cutOffNs = nowNs;
        }
        if (tell(Wire.STOPPED) || nowNs - cutOffNs > LAST_WORD_NS) {
            throw new ProtocolException(CloseReason.PEER_RESET, "cut off by the peer: " + describe());
        }
    }

    private String describe() {
        return "sessionId=" + image.sessionId() + " source=" + image.sourceIdentity() + " position=" + image.position();
    }
}
