package io.millrace.transport;

import io.millrace.transport.tls.TlsContextReference;
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
    /** Default for {@link #maxMessageLength()}: 256 KiB. */
    public static final int DEFAULT_MAX_MESSAGE_LENGTH = 256 * 1024;

    /** Default for {@link #outboundCapacity()}: 1 MiB. */
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
    private IdleContext idleContext = new IdleContext();
    private Waiting waiting = Waiting.ADAPTIVE;
    private long authenticationTimeoutNs;
    private SlowConsumerPolicy slowConsumerPolicy = SlowConsumerPolicy.REPORT;
    private long slowConsumerTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long halfCloseTimeoutNs = TimeUnit.MINUTES.toNanos(1);
    private boolean halfOpen;
    private TlsContextReference tlsContext;
    private int pullCapacity;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public ConnectionContext() {}

    /**
     * Checks the values against one another and freezes them. Idempotent; a transport does it to each context it is
     * given.
     *
     * @return this.
     * @throws IllegalArgumentException if the outbound ring could not hold two messages of the maximum length, or one
     *     frame of it; or the pull ring not one message.
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
            if (pullCapacity > 0 && maxMessageLength() >= pullCapacity) {
                throw new IllegalArgumentException("pullCapacity must be more than maxMessageLength: pullCapacity="
                        + pullCapacity + " maxMessageLength=" + maxMessageLength());
            }
            socketContext.conclude();
            idleContext.conclude();
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
     * Sets the capacity of a connection's outbound ring. The ring is small at first and grows before anybody is told
     * {@link Connection#BACK_PRESSURED}; while it does, its smaller predecessors may hold up to a seventh more.
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
     * How long connecting may take. The look-up of a name takes its part of that, but can't be cut short: while the
     * resolver blocks, the connection's thread does nothing else, and neither this bound nor a close takes effect.
     *
     * @return nanoseconds: 10 s unless set.
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
     * @return nanoseconds: 10 s unless set.
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
     * @return nanoseconds: 5 s unless set.
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
     * How long nothing may come once {@link Connection#closeOutput()} has been flushed and the peer been told. A peer that
     * goes on sending may take as long as it likes; while reading is paused, it does not count as silent.
     *
     * @return nanoseconds: 1 minute unless set; 0 for no such bound.
     */
    public long halfCloseTimeoutNs() {
        return halfCloseTimeoutNs;
    }

    /**
     * Sets how long nothing may come once this side's stream has ended. The connection then ends with
     * {@link CloseReason#HALF_CLOSE_TIMEOUT}.
     *
     * @param ns nanoseconds: not negative; 0 for no such bound.
     * @return this.
     */
    public ConnectionContext halfCloseTimeoutNs(final long ns) {
        checkOpen();
        halfCloseTimeoutNs = Ranges.notNegative("halfCloseTimeoutNs", ns);
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
     * What becomes of a connection on which nothing happens.
     *
     * @return the context.
     */
    public IdleContext idleContext() {
        return idleContext;
    }

    /**
     * Sets what becomes of a connection on which nothing happens.
     *
     * @param context to use, which is concluded with this one.
     * @return this.
     */
    public ConnectionContext idleContext(final IdleContext context) {
        checkOpen();
        idleContext = Objects.requireNonNull(context, "idleContext");
        return this;
    }

    /**
     * How the connection's thread waits, and one that waits in a poll.
     *
     * @return the way, {@link Waiting#ADAPTIVE} by default.
     */
    public Waiting waiting() {
        return waiting;
    }

    /**
     * Sets how the connection's thread waits, and one that waits in a poll.
     *
     * @param way to wait.
     * @return this.
     */
    public ConnectionContext waiting(final Waiting way) {
        checkOpen();
        waiting = Objects.requireNonNull(way, "waiting");
        return this;
    }

    /**
     * How long a connection may be open before {@link Connection#authenticated()} is called.
     *
     * @return nanoseconds; 0, unless set, for no such bound.
     */
    public long authenticationTimeoutNs() {
        return authenticationTimeoutNs;
    }

    /**
     * Sets how long a connection may be open before {@link Connection#authenticated()} is called.
     *
     * @param ns nanoseconds: not negative; 0 for no such bound.
     * @return this.
     */
    public ConnectionContext authenticationTimeoutNs(final long ns) {
        checkOpen();
        authenticationTimeoutNs = Ranges.notNegative("authenticationTimeoutNs", ns);
        return this;
    }

    /**
     * What becomes of a connection whose peer does not take what is sent.
     *
     * @return the policy: {@link SlowConsumerPolicy#REPORT} unless set.
     */
    public SlowConsumerPolicy slowConsumerPolicy() {
        return slowConsumerPolicy;
    }

    /**
     * Sets what becomes of a connection whose peer does not take what is sent.
     *
     * @param policy to use.
     * @return this.
     */
    public ConnectionContext slowConsumerPolicy(final SlowConsumerPolicy policy) {
        checkOpen();
        slowConsumerPolicy = Objects.requireNonNull(policy, "slowConsumerPolicy");
        return this;
    }

    /**
     * How long senders, or TLS with an answer without which it reads no more, may wait for room before the peer counts as slow.
     *
     * @return nanoseconds: 10 s unless set; 0 for never.
     */
    public long slowConsumerTimeoutNs() {
        return slowConsumerTimeoutNs;
    }

    /**
     * Sets how long senders, or TLS with an answer without which it reads no more, may wait for room before the peer counts
     * as slow.
     *
     * @param ns nanoseconds: not negative; 0 for never.
     * @return this.
     */
    public ConnectionContext slowConsumerTimeoutNs(final long ns) {
        checkOpen();
        slowConsumerTimeoutNs = Ranges.notNegative("slowConsumerTimeoutNs", ns);
        return this;
    }

    /**
     * Whether this side may go on sending after the peer has ended its stream.
     *
     * @return false if the peer's end closes the connection.
     */
    public boolean allowsHalfOpen() {
        return halfOpen;
    }

    /**
     * Sets whether this side may go on sending after the peer has ended its stream. Of TLS, only version 1.3 by the JDK's
     * engine can: others end this side's stream with the peer's (as RFC 5246, section 7.2.1, wants it of 1.2). What is
     * unsent then, or offered later, ends the connection with {@link CloseReason#PEER_CLOSE} and is reported undelivered.
     *
     * @param allow true to leave the closing to the handler.
     * @return this.
     */
    public ConnectionContext allowHalfOpen(final boolean allow) {
        checkOpen();
        halfOpen = allow;
        return this;
    }

    /**
     * Keys, trust and settings for {@code tls}.
     *
     * @return the context; empty for {@link TransportContext#tlsContext()}.
     */
    public Optional<TlsContextReference> tlsContext() {
        return Optional.ofNullable(tlsContext);
    }

    /**
     * Sets keys, trust and settings for {@code tls}.
     *
     * @param context to use: each connection takes what it holds when it begins.
     * @return this.
     */
    public ConnectionContext tlsContext(final TlsContextReference context) {
        checkOpen();
        tlsContext = Objects.requireNonNull(context, "tlsContext");
        return this;
    }

    /**
     * Bytes that a connection keeps for {@link Connection#poll(MessageHandler, int)} before it stops reading. The ring is
     * made by the first message, and let go when the connection is idle and all is pulled.
     *
     * @return the capacity of its pull ring; 0 for none: messages then go to {@link ConnectionHandler#onMessage}.
     */
    public int pullCapacity() {
        return pullCapacity;
    }

    /**
     * Sets that messages are pulled, and the capacity of the ring for them. A message takes its length and one byte.
     *
     * @param bytes a power of two from 1 KiB to 1 GiB, more than {@link #maxMessageLength()}, better twice that or more; or
     *     0 for messages to go to {@link ConnectionHandler#onMessage}.
     * @return this.
     */
    public ConnectionContext pullCapacity(final int bytes) {
        checkOpen();
        pullCapacity = bytes == 0 ? 0 : Ranges.powerOfTwo("pullCapacity", bytes, 1024, 1 << 30);
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
