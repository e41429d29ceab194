package io.millrace.transport;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Settings of a connection: for all of a transport by {@link TransportContext#connectionContext(ConnectionContext)}, for
 * those of one listener by {@link ListenerContext#connectionContext(ConnectionContext)}, or for a single one. Set it up
 * on one thread; {@link #conclude()} freezes it, after which any thread may read it and any number of connections share
 * it. Setters check their value at once.
 */
public final class ConnectionContext {
    /** Default for {@link #maxMessageLength()}. */
    public static final int DEFAULT_MAX_MESSAGE_LENGTH = 256 * 1024;

    /** Default for {@link #outboundCapacity()}. */
    public static final int DEFAULT_OUTBOUND_CAPACITY = 1024 * 1024;

    private static final int LONGEST_MESSAGE = 256 * 1024 * 1024;

    private Protocol protocol;
    private int maxFrameLength = 1;
    private int maxMessageLength = DEFAULT_MAX_MESSAGE_LENGTH;
    private int outboundCapacity = DEFAULT_OUTBOUND_CAPACITY;
    private long connectTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long handshakeTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private SocketContext socketContext = new SocketContext();
    private Waiting waiting = Waiting.ADAPTIVE;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public ConnectionContext() {}

    /**
     * Checks the values against one another and freezes them. Idempotent; a transport does it to each context it is
     * given.
     *
     * @return this.
     * @throws IllegalArgumentException if the outbound ring could not hold two messages of the maximum length, or one
     *     frame of it.
     */
    public ConnectionContext conclude() {
        if (!concluded) {
            if (maxMessageLength() > outboundCapacity / 2) {
                throw new IllegalArgumentException(
                        "outboundCapacity must be twice maxMessageLength or more: outboundCapacity=" + outboundCapacity
                                + " maxMessageLength=" + maxMessageLength());
            }
            if (maxFrameLength() > outboundCapacity) {
                throw new IllegalArgumentException("outboundCapacity must hold maxFrameLength: outboundCapacity="
                        + outboundCapacity + " maxFrameLength=" + maxFrameLength());
            }
            socketContext.conclude();
            concluded = true;
        }
        return this;
    }

    /**
     * How messages lie in the stream.
     *
     * @return the protocol; empty for a length prefix of four bytes, big-endian, not counting itself.
     */
    public Optional<Protocol> protocol() {
        return Optional.ofNullable(protocol);
    }

    /**
     * Sets how messages lie in the stream. The protocol then says how long a message may be, not
     * {@link #maxMessageLength(int)}.
     *
     * @param newProtocol for both directions.
     * @return this.
     */
    public ConnectionContext protocol(final Protocol newProtocol) {
        checkOpen();
        protocol = Objects.requireNonNull(newProtocol, "protocol");
        return this;
    }

    /**
     * The longest message, sent or received, in bytes. A peer that announces a longer one loses its connection.
     *
     * @return the maximum: that of the protocol, if one was set.
     */
    public int maxMessageLength() {
        return protocol == null ? maxMessageLength : protocol.maxMessageLength();
    }

    /**
     * Sets the longest message.
     *
     * @param bytes from 1 to 256 MiB.
     * @return this.
     */
    public ConnectionContext maxMessageLength(final int bytes) {
        checkOpen();
        maxMessageLength = Ranges.within("maxMessageLength", bytes, 1, LONGEST_MESSAGE);
        return this;
    }

    /**
     * The longest frame that a connection can send, in bytes: a bound for the protocols that it may be switched to.
     *
     * @return the length: at least that of the protocol to begin with, if one was set.
     */
    public int maxFrameLength() {
        return Math.max(maxFrameLength, protocol == null ? 1 : protocol.maxFrameLength());
    }

    /**
     * Sets the longest frame, for a connection that begins with a protocol of shorter ones and is switched later.
     *
     * @param bytes from 1 to 512 MiB; no more than the outbound capacity.
     * @return this.
     */
    public ConnectionContext maxFrameLength(final int bytes) {
        checkOpen();
        maxFrameLength = Ranges.within("maxFrameLength", bytes, 1, 2 * LONGEST_MESSAGE);
        return this;
    }

    /**
     * Bytes that a connection takes before it answers {@link Connection#BACK_PRESSURED}.
     *
     * @return the capacity of its outbound ring.
     */
    public int outboundCapacity() {
        return outboundCapacity;
    }

    /**
     * Sets the capacity of a connection's outbound ring.
     *
     * @param bytes a power of two from 1 KiB to 1 GiB, twice {@link #maxMessageLength()} or more.
     * @return this.
     */
    public ConnectionContext outboundCapacity(final int bytes) {
        checkOpen();
        outboundCapacity = Ranges.powerOfTwo("outboundCapacity", bytes, 1024, 1 << 30);
        return this;
    }

    /**
     * How long connecting may take.
     *
     * @return nanoseconds.
     */
    public long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    /**
     * Sets how long connecting may take.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ConnectionContext connectTimeoutNs(final long ns) {
        checkOpen();
        connectTimeoutNs = Ranges.positive("connectTimeoutNs", ns);
        return this;
    }

    /**
     * How long a TLS handshake may take, from the moment that the connection is made: what a silent peer is given.
     *
     * @return nanoseconds.
     */
    public long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }

    /**
     * Sets how long a TLS handshake may take.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ConnectionContext handshakeTimeoutNs(final long ns) {
        checkOpen();
        handshakeTimeoutNs = Ranges.positive("handshakeTimeoutNs", ns);
        return this;
    }

    /**
     * How long closing may take: flushing what was accepted, and waiting for the peer's end.
     *
     * @return nanoseconds.
     */
    public long closeTimeoutNs() {
        return closeTimeoutNs;
    }

    /**
     * Sets how long closing may take.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ConnectionContext closeTimeoutNs(final long ns) {
        checkOpen();
        closeTimeoutNs = Ranges.positive("closeTimeoutNs", ns);
        return this;
    }

    /**
     * Options of the connection's socket.
     *
     * @return the context.
     */
    public SocketContext socketContext() {
        return socketContext;
    }

    /**
     * Sets the options of the connection's socket.
     *
     * @param context to use, which is concluded with this one.
     * @return this.
     */
    public ConnectionContext socketContext(final SocketContext context) {
        checkOpen();
        socketContext = Objects.requireNonNull(context, "socketContext");
        return this;
    }

    /**
     * How the connection's thread waits.
     *
     * @return the way, {@link Waiting#ADAPTIVE} by default.
     */
    public Waiting waiting() {
        return waiting;
    }

    /**
     * Sets how the connection's thread waits.
     *
     * @param way to wait.
     * @return this.
     */
    public ConnectionContext waiting(final Waiting way) {
        checkOpen();
        waiting = Objects.requireNonNull(way, "waiting");
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
