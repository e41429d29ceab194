package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.transport.Connection;
import io.millrace.transport.Protocol;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * Frames outbound messages into the ring by the protocol of the moment, which the connection's thread may switch while
 * other threads send.
 *
 * <p>A switch is linearizable. It takes effect with the write of {@link #era}. A sender reads that field, claims, and reads
 * it again: if it still holds what the frame was measured by, the claim came before the switch; if not, the sender gives
 * the claim up and begins again with the next protocol. Claims are totally ordered by the ring, so every frame of the old
 * protocol lies before every frame of the next one. No era comes twice, so that a switch forth and back is not missed.
 *
 * <p>While a last message goes out ahead of a switch there is no protocol, and other senders are told to offer again:
 * so nothing of theirs lies between that message and the switch.
 *
 * <p>A {@link io.millrace.transport.Conversation} has several forms of frames at once, and never switches. Whoever sends a
 * message in fragments holds the framing meanwhile: an era of its own, in which other senders have control frames only.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>era: the connection's thread, volatile, and whoever holds, by compare-and-set; senders, volatile, before their claim and after it. All of that and
 *       the ring's compare-and-set stand in one total order, which the argument above needs.
 * </ul>
 *
 * <p>Progress: a claim is lock-free; only a switch makes it begin again.
 */
final class Framing {
    /** Between two switches, the same protocols hold: one for each form of message. Compared by identity. */
    private static final class Era {
        private final Term[] terms;
        private final Protocol main;

        private Era(final int forms, final Protocol main) {
            terms = new Term[forms];
            this.main = main;
        }

        static Era of(final List<Protocol> forms) {
            final Era era = new Era(forms.size(), forms.get(0));
            for (int i = 0; i < forms.size(); i++) {
                era.terms[i] = new Term(forms.get(i), era);
            }
            return era;
        }
    }

    /** What a message of one form is framed by. */
    static final class Term {
        /** Null while nobody may send by it. */
        private final Protocol protocol;

        private final Era era;

        private Term(final Protocol protocol, final Era era) {
            this.protocol = protocol;
            this.era = era;
        }
    }

    /** The right of one sender to send, while others may send control frames only. */
    final class Hold {
        private final Era before;
        private final Era held;
        private final Term[] own;

        private Hold(final Era before, final IntPredicate isControl) {
            this.before = before;
            held = new Era(before.terms.length, before.main);
            own = new Term[before.terms.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = new Term(before.terms[i].protocol, held);
                held.terms[i] = isControl.test(i) ? own[i] : new Term(null, held);
            }
        }

        /** What the holder frames by. */
        Term term(final int form) {
            return own[form];
        }

        /** Lets others send again. Idempotent. */
        void release() {
            ERA.compareAndSet(Framing.this, held, Era.of(forms(before)));
        }
    }

    private static List<Protocol> forms(final Era era) {
        return Arrays.stream(era.terms).map(term -> term.protocol).toList();
    }

    private static final VarHandle ERA;

    static {
        try {
            ERA = MethodHandles.lookup().findVarHandle(Framing.class, "era", Era.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** While a last message goes out nobody else may claim. */
    private static final Era INTERVAL = new Era(1, null);

    static {
        INTERVAL.terms[0] = new Term(null, INTERVAL);
    }

    /** The protocol has been switched meanwhile, and nothing was taken: begin again with {@link #term()}. */
    static final long SWITCHED = Long.MIN_VALUE;

    private final RingCell rings;

    private volatile Era era;

    Framing(final RingCell rings, final Protocol protocol) {
        this(rings, List.of(protocol));
    }

    /** With several forms nothing can be switched. */
    Framing(final RingCell rings, final List<Protocol> forms) {
        this.rings = rings;
        forms.forEach(this::checkFits);
        era = Era.of(forms);
    }

    private Protocol checkFits(final Protocol candidate) {
        if (candidate.maxFrameLength() > rings.maxRecordLength()) {
            throw new IllegalArgumentException("the protocol's longest frame does not fit into the ring: protocol="
                    + candidate + " maxFrameLength=" + candidate.maxFrameLength() + " maxRecordLength="
                    + rings.maxRecordLength());
        }
        return candidate;
    }

    // ---- sender threads ----

    /** What to frame the next message by; to be handed to all methods below for this one message. */
    Term term() {
        return term(0);
    }

    /** The same for a message of another form. */
    Term term(final int form) {
        return era.terms[form];
    }

    /** The protocol of the moment, whoever may send by it; null while there is none. */
    Protocol protocol() {
        return era.main;
    }

    /**
     * Keeps others from sending anything but control frames: takes effect as a switch does. Any thread; wait-free.
     *
     * @return null if another one holds, or won.
     */
    Hold tryHold(final IntPredicate isControl) {
        final Era now = era;
        if (now.terms[0].protocol == null) {
            return null;
        }
        final Hold hold = new Hold(now, isControl);
        return ERA.compareAndSet(this, now, hold.held) ? hold : null;
    }

    /**
     * The ring to claim in, null once closed; to be handed to all methods below for this one message. To be asked for after the term: a
     * frame of a later term must not come to lie in an earlier ring than one of an earlier term.
     */
    ByteRing ring() {
        return rings.active();
    }

    /**
     * Claims a frame.
     *
     * @return a claim, a negative code of {@link Connection}, or {@link #SWITCHED}.
     * @throws IllegalArgumentException if the protocol has no frame for so short a message.
     */
    long tryClaim(final Term by, final ByteRing ring, final int length) {
        if (by.protocol == null) {
            return rings.isClosed() ? Connection.CLOSED : Connection.ADMIN_ACTION;
        }
        checkNotTooShort(by.protocol, length);
        if (length > by.protocol.maxMessageLength()) {
            return Connection.MESSAGE_TOO_LONG;
        }
        final long claim = claim(by.protocol, ring, length);
        if (claim >= 0 && by.era != era) {
            abort(by, ring, claim, length);
            return SWITCHED;
        }
        return claim < 0 && isElsewhere(ring, claim, by.protocol.frameLength(length)) ? SWITCHED : claim;
    }

    private static long claim(final Protocol by, final ByteRing ring, final int length) {
        return ring == null ? Connection.CLOSED : ring.tryClaim(by.frameLength(length));
    }

    /** Whether what a ring refused is to be asked of another one: it was retired, or there can be a larger one. */
    private boolean isElsewhere(final ByteRing ring, final long refusal, final long bytes) {
        if (ring == null) {
            return false;
        }
        return refusal == Connection.CLOSED ? isRetired(ring) : rings.grow(ring, bytes);
    }

    private boolean isRetired(final ByteRing ring) {
        return !rings.isClosed() && rings.active() != ring;
    }

    private static void checkNotTooShort(final Protocol by, final int length) {
        if (length < by.minMessageLength()) {
            throw new IllegalArgumentException("message too short: length=" + length + " minMessageLength="
                    + by.minMessageLength() + " protocol=" + by);
        }
    }

    /**
     * Claims the frames of several messages, all or none.
     *
     * @return the first frame's claim, a negative code of {@link Connection}, or {@link #SWITCHED}.
     * @throws IllegalArgumentException if the protocol has no frame for so short a message.
     */
    long tryClaimBatch(final Term by, final ByteRing ring, final int[] lengths, final int count) {
        if (by.protocol == null) {
            return rings.isClosed() ? Connection.CLOSED : Connection.ADMIN_ACTION;
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            checkNotTooShort(by.protocol, lengths[i]);
            if (lengths[i] > by.protocol.maxMessageLength()) {
                return Connection.MESSAGE_TOO_LONG;
            }
            bytes += by.protocol.frameLength(lengths[i]);
        }
        if (bytes > Integer.MAX_VALUE) {
            return Connection.MESSAGE_TOO_LONG;
        }
        if (ring == null) {
            return Connection.CLOSED;
        }
        final long claim = ring.tryClaimBatch((int) bytes, count);
        if (claim >= 0 && by.era != era) {
            abortBatch(by, ring, claim, lengths, count);
            return SWITCHED;
        }
        return claim < 0 && isElsewhere(ring, claim, bytes) ? SWITCHED : claim;
    }

    /** The claim of the frame behind another one of the same batch. */
    long next(final Term by, final ByteRing ring, final long claim, final int length) {
        return ring.next(claim, by.protocol.frameLength(length));
    }

    /** Gives all frames of a batch up. */
    void abortBatch(final Term by, final ByteRing ring, final long claim, final int[] lengths, final int count) {
        long each = claim;
        for (int i = 0; i < count; i++) {
            abort(by, ring, each, lengths[i]);
            each = next(by, ring, each, lengths[i]);
        }
    }

    /** Writes the header of a claimed frame; returns where in the ring's buffer the message goes. */
    int begin(final Term by, final ByteRing ring, final long claim, final int length) {
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
    long commit(final Term by, final ByteRing ring, final long claim, final int length) {
        try {
            complete(by, ring, claim, length);
        } catch (final RuntimeException | Error ex) {
            abort(by, ring, claim, length);
            throw ex;
        }
        return commitComplete(by, ring, claim, length);
    }

    /**
     * Writes the trailer of a claimed frame.
     *
     * @throws IllegalArgumentException if the protocol does not take such a message.
     */
    void complete(final Term by, final ByteRing ring, final long claim, final int length) {
        by.protocol.encodeTrailer(ring.buffer(), ring.offset(claim), length);
    }

    /** Makes a frame visible whose trailer is written; returns the position behind it. */
    long commitComplete(final Term by, final ByteRing ring, final long claim, final int length) {
        return ring.commit(claim, by.protocol.frameLength(length));
    }

    /** Gives a claimed frame up. */
    void abort(final Term by, final ByteRing ring, final long claim, final int length) {
        ring.abort(claim, by.protocol.frameLength(length));
    }

    // ---- the connection's thread ----

    private Era only(final Protocol next) {
        checkMaySwitch();
        return Era.of(List.of(next));
    }

    /** Throws an {@link IllegalStateException} if there is a conversation. */
    void checkMaySwitch() {
        if (era.terms.length > 1) {
            throw new IllegalStateException("the protocol of a conversation can't be switched: protocol=" + era.main);
        }
    }

    /**
     * Frames by another protocol what is claimed from here on.
     *
     * @throws IllegalArgumentException if its longest frame does not fit into the ring.
     */
    void switchTo(final Protocol next) {
        era = only(checkFits(next));
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
        final Era before = era;
        final Era after = only(next);
        final Term present = before.terms[0];
        checkNotTooShort(present.protocol, length);
        if (length > present.protocol.maxMessageLength()) {
            return Connection.MESSAGE_TOO_LONG;
        }
        Era outcome = before;
        era = INTERVAL;
        try {
            ByteRing ring = ring();
            long claim = claim(present.protocol, ring, length);
            while (claim < 0) {
                if (!isElsewhere(ring, claim, present.protocol.frameLength(length))) {
                    return claim;
                }
                ring = ring();
                claim = claim(present.protocol, ring, length);
            }
            ring.buffer().put(begin(present, ring, claim, length), last, offset, length);
            final long position = commit(present, ring, claim, length);
            outcome = after;
            return position;
        } finally {
            era = outcome;
        }
    }
}
