package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.transport.Connection;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Frames outbound messages into the ring by the protocol of the moment, which the connection's thread may switch while
 * other threads send.
 *
 * <p>A switch is linearizable. It takes effect with the write of {@link #term}. A sender reads that field, claims, and reads
 * it again: if it still holds what the frame was measured by, the claim came before the switch; if not, the sender gives
 * the claim up and begins again with the next protocol. Claims are totally ordered by the ring, so every frame of the old
 * protocol lies before every frame of the next one. No term comes twice, so that a switch forth and back is not missed.
 *
 * <p>While a last message goes out ahead of a switch there is no protocol, and other senders are told to offer again:
 * so nothing of theirs lies between that message and the switch.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>term: the connection's thread, volatile; senders, volatile, before their claim and after it. All of that and
 *       the ring's compare-and-set stand in one total order, which the argument above needs.
 * </ul>
 *
 * <p>Progress: a claim is lock-free; only a switch makes it begin again.
 */
final class Framing {
    /** Between two switches, one protocol holds. Compared by identity. */
    static final class Term {
        private final Protocol protocol;

        private Term(final Protocol protocol) {
            this.protocol = protocol;
        }
    }

    /** While a last message goes out nobody else may claim. */
    private static final Term INTERVAL = new Term(null);

    /** The protocol has been switched meanwhile, and nothing was taken: begin again with {@link #term()}. */
    static final long SWITCHED = Long.MIN_VALUE;

    private final ByteRing ring;

    private volatile Term term;

    Framing(final ByteRing ring, final Protocol protocol) {
        this.ring = ring;
        term = new Term(checkFits(protocol));
    }

    private Protocol checkFits(final Protocol candidate) {
        if (candidate.maxFrameLength() > ring.maxRecordLength()) {
            throw new IllegalArgumentException("the protocol's longest frame does not fit into the ring: protocol="
                    + candidate + " maxFrameLength=" + candidate.maxFrameLength() + " maxRecordLength="
                    + ring.maxRecordLength());
        }
        return candidate;
    }

    // ---- sender threads ----

    /** What to frame the next message by; to be handed to all methods below for this one message. */
    Term term() {
        return term;
    }

    /**
     * Claims a frame.
     *
     * @return a claim, a negative code of {@link Connection}, or {@link #SWITCHED}.
     * @throws IllegalArgumentException if the protocol has no frame for so short a message.
     */
    long tryClaim(final Term by, final int length) {
        if (by == INTERVAL) {
            return ring.isClosed() ? Connection.CLOSED : Connection.ADMIN_ACTION;
        }
        final long claim = claim(by.protocol, length);
        if (claim >= 0 && by != term) {
            abort(by, claim, length);
            return SWITCHED;
        }
        return claim;
    }

    private long claim(final Protocol by, final int length) {
        if (length < by.minMessageLength()) {
            throw new IllegalArgumentException("message too short: length=" + length + " minMessageLength="
                    + by.minMessageLength() + " protocol=" + by);
        }
        return length > by.maxMessageLength() ? Connection.MESSAGE_TOO_LONG : ring.tryClaim(by.frameLength(length));
    }

    /** Writes the header of a claimed frame; returns where in the ring's buffer the message goes. */
    int begin(final Term by, final long claim, final int length) {
        final int offset = ring.offset(claim);
        by.protocol.encodeHeader(ring.buffer(), offset, length);
        return offset + by.protocol.headerLength(length);
    }

    /**
     * Writes the trailer of a claimed frame and makes it visible.
     *
     * @return the position behind the frame.
     * @throws IllegalArgumentException if the protocol does not take such a message; the claim is given up then.
     */
    long commit(final Term by, final long claim, final int length) {
        try {
            by.protocol.encodeTrailer(ring.buffer(), ring.offset(claim), length);
        } catch (final RuntimeException | Error ex) {
            abort(by, claim, length);
            throw ex;
        }
        return ring.commit(claim, by.protocol.frameLength(length));
    }

    /** Gives a claimed frame up. */
    void abort(final Term by, final long claim, final int length) {
        ring.abort(claim, by.protocol.frameLength(length));
    }

    // ---- the connection's thread ----

    /**
     * Frames by another protocol what is claimed from here on.
     *
     * @throws IllegalArgumentException if its longest frame does not fit into the ring.
     */
    void switchTo(final Protocol next) {
        term = new Term(checkFits(next));
    }

    /**
     * Offers a last message by the present protocol and switches right behind it.
     *
     * @return the position behind the message, or a negative code, with which nothing is switched.
     * @throws IllegalArgumentException if the next protocol's longest frame does not fit into the ring, or the present
     *     one does not take such a message; nothing is switched then either.
     */
    long switchTo(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        checkFits(next);
        Objects.checkFromIndexSize(offset, length, last.limit());
        final Term present = term;
        Term outcome = present;
        term = INTERVAL;
        try {
            final long claim = claim(present.protocol, length);
            if (claim < 0) {
                return claim;
            }
            ring.buffer().put(begin(present, claim, length), last, offset, length);
            final long position = commit(present, claim, length);
            outcome = new Term(next);
            return position;
        } finally {
            term = outcome;
        }
    }
}
