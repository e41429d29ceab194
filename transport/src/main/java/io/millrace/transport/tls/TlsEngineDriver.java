package io.millrace.transport.tls;

import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Drives one {@link SSLEngine}: a state machine without I/O and without threads. The thread that first uses it is the
 * only one that ever touches the engine; delegated tasks run on it too.
 *
 * <p>Each turn of a loop consumes, produces, changes the handshake status, or leaves.
 */
public final class TlsEngineDriver {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final int packetLength;
    private final int applicationLength;
    private boolean handshakeDone;
    private boolean inboundDone;
    private Thread owner;

    /**
     * Takes an engine over.
     *
     * @param engine in its mode, with its parameters set, not begun.
     */
    public TlsEngineDriver(final SSLEngine engine) {
        this.engine = engine;
        packetLength = engine.getSession().getPacketBufferSize();
        applicationLength = engine.getSession().getApplicationBufferSize();
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
     * Room that {@link #wrap} needs for one record.
     *
     * @return bytes.
     */
    public int packetLength() {
        return packetLength;
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
     * Whether the engine, once it has run its delegated tasks, has something of its own to send: {@link #wrap} that
     * before anything else.
     *
     * @return true until it is wrapped.
     */
    public boolean needsWrap() {
        assert isOwner() : notOwner();
        return settledStatus() == HandshakeStatus.NEED_WRAP;
    }

    /**
     * What the handshake agreed on.
     *
     * @return the engine's session.
     */
    public SSLSession session() {
        assert isOwner() : notOwner();
        return engine.getSession();
    }

    /**
     * Unwraps records until the source has no whole one left, the target has no room for one, or the engine wants to
     * wrap first.
     *
     * @param source of records, between position and limit.
     * @param target for their content.
     * @throws SSLException if a record or the handshake is broken; the engine then wants to wrap an alert.
     */
    public void unwrap(final ByteBuffer source, final ByteBuffer target) throws SSLException {
        assert isOwner() : notOwner();
        boolean goOn = true;
        while (goOn && !inboundDone && source.hasRemaining() && mayUnwrap()) {
            final SSLEngineResult result = engine.unwrap(source, target);
            noteHandshake(result);
            switch (result.getStatus()) {
                case OK -> goOn = isProgress(result);
                case BUFFER_UNDERFLOW -> goOn = false;
                case BUFFER_OVERFLOW -> {
                    if (target.remaining() >= applicationLength) {
                        throw new IllegalStateException("engine wants more room than it said: room="
                                + target.remaining() + " applicationLength=" + applicationLength);
                    }
                    goOn = false;
                }
                case CLOSED -> inboundDone = true;
                default -> throw unknown(result);
            }
        }
    }

    private boolean mayUnwrap() {
        return switch (settledStatus()) {
            case NOT_HANDSHAKING, NEED_UNWRAP, FINISHED -> true;
            case NEED_WRAP -> false;
            default ->
                throw new IllegalStateException("handshake status for DTLS only: " + engine.getHandshakeStatus());
        };
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
        boolean goOn = true;
        while (goOn && target.remaining() >= packetLength && mayWrap(source)) {
            final SSLEngineResult result = engine.wrap(source, target);
            noteHandshake(result);
            switch (result.getStatus()) {
                case OK -> goOn = isProgress(result);
                case CLOSED -> goOn = false;
                case BUFFER_OVERFLOW ->
                    throw new IllegalStateException("engine wants more room than it said: room=" + target.remaining()
                            + " packetLength=" + packetLength);
                default -> throw unknown(result);
            }
        }
    }

    private boolean mayWrap(final ByteBuffer source) {
        return switch (settledStatus()) {
            case NEED_WRAP -> true;
            case NOT_HANDSHAKING, FINISHED -> source.hasRemaining();
            case NEED_UNWRAP -> handshakeDone && source.hasRemaining();
            default ->
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
        engine.closeOutbound();
    }

    private HandshakeStatus settledStatus() {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            final HandshakeStatus next = engine.getHandshakeStatus();
            if (next == status) {
                throw new IllegalStateException("engine wants a task run but has none");
            }
            status = next;
        }
        return status;
    }

    private void noteHandshake(final SSLEngineResult result) {
        if (!handshakeDone) {
            handshakeDone = result.getHandshakeStatus() == HandshakeStatus.FINISHED
                    || engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
        }
    }

    private static boolean isProgress(final SSLEngineResult result) {
        return result.bytesConsumed() > 0
                || result.bytesProduced() > 0
                || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK
                || result.getHandshakeStatus() == HandshakeStatus.FINISHED;
    }

    private static IllegalStateException unknown(final SSLEngineResult result) {
        return new IllegalStateException("unexpected answer of the engine: " + result);
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
