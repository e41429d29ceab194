package io.millrace.transport.tls;

import io.millrace.transport.TlsInfo;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Drives one {@link SSLEngine}: a state machine without I/O and without threads. The thread that first uses it is the
 * only one that ever touches the engine; delegated tasks run on it too.
 *
 * <p>Each turn of a loop consumes, produces, changes the handshake status, or leaves: {@link EngineStep} lists what every
 * answer leads to. A peer that would renegotiate (RFC 5246, section 7.4.1.1), or that sends {@value #MOST_BARREN_RECORDS}
 * records in a row without content once the handshake is done, or more than {@value #MOST_HANDSHAKE_RECORDS} before, has broken
 * the connection; so has an engine that, {@value #MOST_STUCK_CALLS} calls in a row, does nothing with a whole record.
 */
public final class TlsEngineDriver {
    /** Tickets, key updates, warnings and empty records that may come one after the other. */
    static final int MOST_BARREN_RECORDS = 256;

    /** In a handshake, of whatever kind: a chain of certificates of 64 KiB fits, even in pieces of 16 bytes. */
    static final int MOST_HANDSHAKE_RECORDS = 4_096;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int MOST_BARREN_CALLS = 8;

    /** In a row, with a whole record before the engine: no engine that works needs more than a few. */
    static final int MOST_STUCK_CALLS = 64;

    private static final int CONTENT_TYPE_HANDSHAKE = 22;
    private static final int HEADER_LENGTH = 5;
    private static final int LENGTH_OFFSET = 3;

    /** Of TLS 1.2 (RFC 5246, section 6.2.3); of 1.3 it is less, which engines see to. */
    private static final int LONGEST_RECORD = 16 * 1024 + 2048;

    /**
     * A key update with its content type and tag (RFC 8446, sections 4.6.3 and 5.2), and the 16 bytes of padding that the
     * JDK's engine adds: a ticket is longer, unless it has less than five bytes.
     */
    private static final int KEY_UPDATE_LENGTH = 38;

    private final SSLEngine engine;
    private final HandshakeWatch watch;
    private final SlotLease lease;
    private int packetLength;
    private int applicationLength;
    private boolean handshakeDone;
    private boolean refusesHandshakes;
    private boolean inboundDone;
    private boolean lacksRoom;
    private boolean holdsRecord;
    private boolean closing;
    private boolean outboundEnded;
    private boolean broken;

    /** An engine's answer may ask for a wrap that its status does not: tcnative's, for an alert, and for an error behind it. */
    private boolean wrapAsked;

    /** Such an engine throws what the alert is for only when it is told to wrap once more. */
    private boolean wrapAskedTwice;

    private int stuckCalls;
    private int barrenRecords;
    private int handshakeRecords;
    private Thread owner;

    /**
     * Takes an engine over.
     *
     * @param engine in its mode, with its parameters set, not begun.
     */
    public TlsEngineDriver(final SSLEngine engine) {
        this(engine, SlotLease.NONE);
    }

    TlsEngineDriver(final SSLEngine engine, final SlotLease lease) {
        this.engine = engine;
        this.lease = lease;
        watch = new HandshakeWatch(engine.getUseClientMode());
        learnLengths();
    }

    private void learnLengths() {
        packetLength = Math.max(packetLength, engine.getSession().getPacketBufferSize());
        applicationLength = Math.max(applicationLength, engine.getSession().getApplicationBufferSize());
    }

    /**
     * Begins the handshake.
     *
     * @throws SSLException if the engine refuses.
     */
    public void begin() throws SSLException {
        assert isOwner() : notOwner();
        engine.beginHandshake();
    }

    /**
     * Room that {@link #wrap} needs for one record; for two if the engine has taken content and has something of its own to
     * send before it.
     *
     * @return bytes.
     */
    public int packetLength() {
        return holdsRecord ? 2 * packetLength : packetLength;
    }

    /**
     * Room that {@link #unwrap} needs for one record's content.
     *
     * @return bytes.
     */
    public int applicationLength() {
        return applicationLength;
    }

    /**
     * Whether the first handshake is over.
     *
     * @return true from then on.
     */
    public boolean isHandshakeDone() {
        return handshakeDone;
    }

    /**
     * Whether the peer's close_notify came: the proper end of its stream.
     *
     * @return true from then on.
     */
    public boolean isInboundDone() {
        return inboundDone;
    }

    /**
     * Whether the engine takes no content any more. Some end their stream by themselves as soon as the peer has ended its
     * own, where TLS 1.2 asks for that (RFC 5246, section 7.2.1).
     *
     * @return true from then on.
     */
    public boolean isOutboundDone() {
        assert isOwner() : notOwner();
        return outboundEnded || engine.isOutboundDone();
    }

    /**
     * Whether the last {@link #unwrap} left a record for want of room. In a handshake some engines want the room of a
     * record's content though they are not going to use it.
     *
     * @return true until the next one.
     */
    public boolean lacksRoom() {
        return lacksRoom;
    }

    /**
     * Whether the engine, once it has run its delegated tasks, has something of its own to send: {@link #wrap} that
     * before anything else.
     *
     * @return true until it is wrapped.
     */
    public boolean needsWrap() {
        assert isOwner() : notOwner();
        return settledStatus() == HandshakeStatus.NEED_WRAP || wrapAsked || holdsRecord || isCloseDue();
    }

    /** Not every engine says that its close_notify needs a wrap. */
    private boolean isCloseDue() {
        return closing && !outboundEnded && !engine.isOutboundDone();
    }

    /**
     * What the handshake agreed on, once it is done.
     *
     * @return an immutable value.
     */
    public TlsInfo info() {
        assert isOwner() : notOwner();
        return Agreement.of(engine, watch);
    }

    /**
     * Says in one sentence who let the handshake fail, why, and by which alert if it was seen: to be asked once the engine
     * has wrapped its own.
     *
     * @param failure what the engine threw.
     * @return an exception with that sentence, caused by the engine's; after the handshake the same one, unless the peer
     *     has sent an alert.
     */
    public SSLException explained(final SSLException failure) {
        assert isOwner() : notOwner();
        return new HandshakeFailure(engine, watch).explained(failure, handshakeDone);
    }

    /**
     * Whether an offer to resume may be what the handshake failed for: the engine has thrown, or the peer sent an alert or
     * reset the connection, in the handshake, and not after the server had declined the offer. A connection that merely ends, perhaps refused,
     * says nothing of it.
     */
    boolean mayOfferHaveFailed(final boolean reset) {
        return !handshakeDone && (broken || reset) && !(watch.isAnswered() && !watch.isResumed());
    }

    /**
     * Unwraps records until the source has no whole one left, the target has no room for one, the engine wants to
     * wrap first, or the first handshake is done.
     *
     * @param source of records, between position and limit.
     * @param target for their content.
     * @throws SSLException if a record or the handshake is broken; the engine then wants to wrap an alert.
     */
    public void unwrap(final ByteBuffer source, final ByteBuffer target) throws SSLException {
        assert isOwner() : notOwner();
        final boolean handshaking = !handshakeDone;
        int barrenCalls = 0;
        boolean goOn = true;
        // With nothing, too, once: some engines have taken the record that there was no room for, and some see only
        // then
        // that the handshake is done.
        boolean again = lacksRoom;
        lacksRoom = false;
        while (goOn
                && !inboundDone
                && (source.hasRemaining() || again)
                && mayUnwrap()
                && handshaking != handshakeDone) {
            final int start = source.position();
            refuseRenegotiation(source);
            refuseLongRecord(source);
            final SSLEngineResult result;
            try {
                result = engine.unwrap(source, target);
            } catch (final RuntimeException ex) {
                throw ex;
            } catch (final Exception ex) {
                if (!handshakeDone) {
                    watch.refused(source, start);
                }
                throw brokenBy(ex);
            }
            final EngineStep step = EngineStep.afterUnwrap(result.getStatus(), result.getHandshakeStatus());
            if (!handshakeDone) {
                noteHandshakeRecord(result);
                watch.received(source, start, source.position());
            } else if (step == EngineStep.GO_ON || step == EngineStep.LEAVE) {
                noteRecord(result);
            }
            noteHandshake(result.getHandshakeStatus());
            wrapAsked = handshakeDone
                    && step == EngineStep.LEAVE
                    && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            wrapAskedTwice = wrapAsked && isAskedByAnswerOnly(result);
            if (step != EngineStep.NO_ROOM) {
                noteStuck(source, isBarren(result));
            }
            barrenCalls = isBarren(result) ? barrenCalls + 1 : 0;
            again = handshaking && result.bytesConsumed() > 0;
            goOn = step == EngineStep.GO_ON && barrenCalls < MOST_BARREN_CALLS;
            switch (step) {
                case GO_ON, LEAVE -> {}
                case NO_ROOM -> {
                    lacksRoom = true;
                    checkRoom(target.remaining(), applicationLength, result);
                }
                case ENDED -> inboundDone = true;
                case BROKEN -> throw unexpected(result);
            }
        }
    }

    /** Engines in native code let through what a trust manager throws, declared or not. */
    private SSLException brokenBy(final Exception failure) {
        broken = true;
        if (failure instanceof SSLException ex) {
            return ex;
        }
        final SSLException wrapped = new SSLHandshakeException(failure.getMessage());
        wrapped.initCause(failure);
        return wrapped;
    }

    private boolean mayUnwrap() {
        final HandshakeStatus status = settledStatus();
        noteHandshake(status);
        return switch (status) {
            case NOT_HANDSHAKING, NEED_UNWRAP, FINISHED -> !wrapAsked;
            case NEED_WRAP -> false;
            case NEED_TASK, NEED_UNWRAP_AGAIN ->
                throw new IllegalStateException("handshake status for DTLS only: " + engine.getHandshakeStatus());
        };
    }

    private void refuseRenegotiation(final ByteBuffer source) throws SSLException {
        if (refusesHandshakes && source.hasRemaining() && source.get(source.position()) == CONTENT_TYPE_HANDSHAKE) {
            closeOutbound();
            throw new SSLException("the peer wants to renegotiate, which is refused");
        }
    }

    /** By its header alone: some engines wait for the rest of it. */
    private void refuseLongRecord(final ByteBuffer source) throws SSLException {
        if (source.remaining() >= HEADER_LENGTH) {
            final int length = source.getShort(source.position() + LENGTH_OFFSET) & 0xFFFF;
            if (length > LONGEST_RECORD) {
                closeOutbound();
                throw brokenBy(new SSLException("the peer announces a record that is too long: length=" + length
                        + " longest=" + LONGEST_RECORD));
            }
        }
    }

    /** Engines put up with any number of records that bring the handshake nowhere: empty ones, say. */
    private void noteHandshakeRecord(final SSLEngineResult result) throws SSLException {
        if (result.bytesConsumed() > 0 && ++handshakeRecords > MOST_HANDSHAKE_RECORDS) {
            closeOutbound();
            throw brokenBy(new SSLException("the peer's handshake has no end: records=" + handshakeRecords));
        }
    }

    /** Else the thread would offer the same record for ever. In the handshake, its time is bounded. */
    private void noteStuck(final ByteBuffer source, final boolean barren) throws SSLException {
        stuckCalls = barren && handshakeDone && holdsWhole(source) ? stuckCalls + 1 : 0;
        if (stuckCalls > MOST_STUCK_CALLS) {
            closeOutbound();
            throw brokenBy(new SSLException("the TLS engine takes no more records: calls=" + stuckCalls));
        }
    }

    private static boolean holdsWhole(final ByteBuffer source) {
        return source.remaining() >= HEADER_LENGTH
                && source.remaining() - HEADER_LENGTH >= (source.getShort(source.position() + LENGTH_OFFSET) & 0xFFFF);
    }

    private void noteRecord(final SSLEngineResult result) throws SSLException {
        if (result.bytesProduced() > 0) {
            barrenRecords = 0;
        } else if (result.bytesConsumed() > 0) {
            if (++barrenRecords > MOST_BARREN_RECORDS) {
                closeOutbound();
                throw new SSLException("the peer sends records without content: records=" + barrenRecords);
            }
            if (result.bytesConsumed() - HEADER_LENGTH > KEY_UPDATE_LENGTH) {
                settledStatus();
                lease.ticketSeen();
            }
        }
    }

    /**
     * Wraps content into records, as many as fit into the target; without content, what the engine itself has to say.
     *
     * @param source of content, between position and limit; not consumed before the handshake is done.
     * @param target for records.
     * @throws SSLException if the handshake is broken.
     */
    public void wrap(final ByteBuffer source, final ByteBuffer target) throws SSLException {
        assert isOwner() : notOwner();
        int barrenCalls = 0;
        boolean goOn = true;
        while (goOn && target.remaining() >= packetLength() && mayWrap(source)) {
            final int start = target.position();
            final SSLEngineResult result;
            wrapAsked = false;
            try {
                result = engine.wrap(source, target);
            } catch (final RuntimeException ex) {
                throw ex;
            } catch (final Exception ex) {
                throw brokenBy(ex);
            }
            if (!handshakeDone) {
                watch.sent(target, start, target.position());
            }
            noteHandshake(result.getHandshakeStatus());
            wrapAsked = result.bytesProduced() > 0 && (wrapAskedTwice || isAskedByAnswerOnly(result));
            wrapAskedTwice &= !wrapAsked;
            final EngineStep step = EngineStep.afterWrap(result.getStatus(), result.getHandshakeStatus());
            barrenCalls = isBarren(result) ? barrenCalls + 1 : 0;
            goOn = step == EngineStep.GO_ON && barrenCalls < MOST_BARREN_CALLS;
            switch (step) {
                case GO_ON, LEAVE -> {}
                case ENDED -> outboundEnded = true;
                case NO_ROOM -> {
                    if (holdsRecord || result.bytesConsumed() == 0) {
                        checkRoom(target.remaining(), packetLength, result);
                    }
                }
                case BROKEN -> throw unexpected(result);
            }
            holdsRecord = step == EngineStep.NO_ROOM && (holdsRecord || result.bytesConsumed() > 0);
        }
    }

    private boolean isAskedByAnswerOnly(final SSLEngineResult result) {
        return result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP;
    }

    private boolean mayWrap(final ByteBuffer source) {
        return switch (settledStatus()) {
            case NEED_WRAP -> true;
            case NOT_HANDSHAKING, FINISHED -> source.hasRemaining() || wrapAsked || holdsRecord || isCloseDue();
            case NEED_UNWRAP -> (handshakeDone && source.hasRemaining()) || wrapAsked || holdsRecord || isCloseDue();
            case NEED_TASK, NEED_UNWRAP_AGAIN ->
                throw new IllegalStateException("handshake status for DTLS only: " + engine.getHandshakeStatus());
        };
    }

    /**
     * Wraps what the engine itself has to say.
     *
     * @param target for records.
     * @throws SSLException if the handshake is broken.
     */
    public void wrap(final ByteBuffer target) throws SSLException {
        wrap(NOTHING, target);
    }

    /** Ends the outbound stream: the engine then wants to wrap its close_notify. Idempotent. */
    public void closeOutbound() {
        assert isOwner() : notOwner();
        closing = true;
        engine.closeOutbound();
    }

    private HandshakeStatus settledStatus() {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status == HandshakeStatus.NEED_TASK) {
            Runnable task = engine.getDelegatedTask();
            if (task == null) {
                throw new IllegalStateException("engine wants a task run but has none");
            }
            for (; task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            status = engine.getHandshakeStatus();
        }
        return status;
    }

    private void noteHandshake(final HandshakeStatus status) {
        // With an alert or a close_notify sent, an engine is not handshaking any more either.
        if (!handshakeDone
                && !broken
                && !engine.isOutboundDone()
                && (status == HandshakeStatus.FINISHED
                        || engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING)) {
            handshakeDone = true;
            final String protocol = engine.getSession().getProtocol();
            refusesHandshakes = protocol.equals("TLSv1.2");
            lease.handshakeDone(refusesHandshakes, watch, engine.getSession().getId().length > 0);
            watch.settle();
        }
    }

    private static boolean isBarren(final SSLEngineResult result) {
        return result.bytesConsumed() == 0 && result.bytesProduced() == 0;
    }

    /** An engine may learn in the handshake that records are longer; but it must know then. */
    private void checkRoom(final int room, final int expected, final SSLEngineResult result) {
        learnLengths();
        if (room >= expected && room >= (expected == packetLength ? packetLength : applicationLength)) {
            throw new IllegalStateException(
                    "engine wants more room than it said: room=" + room + " said=" + expected + " answer=" + result);
        }
    }

    private static IllegalStateException unexpected(final SSLEngineResult result) {
        return new IllegalStateException("unexpected answer of the engine: " + result);
    }

    /** The calling thread drives from here on, having seen all that the one before did. */
    public void attach() {
        owner = null;
    }

    private boolean isOwner() {
        final Thread current = Thread.currentThread();
        if (owner == null) {
            owner = current;
        }
        return owner == current;
    }

    private String notOwner() {
        return "one thread drives an engine: owner="
                + Objects.requireNonNull(owner).getName() + " caller="
                + Thread.currentThread().getName();
    }
}
