package io.millrace.transport;

/**
 * Options of a connection's socket; a kind of socket that does not know one leaves it out. Set it up on one thread;
 * {@link #conclude()} freezes it, after which any thread may read it. Setters check their value at once.
 */
public final class SocketContext {
    private static final int MOST_BYTES = 1 << 30;

    private int receiveBufferLength;
    private int sendBufferLength;
    private boolean noDelay = true;
    private boolean keepAlive;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public SocketContext() {}

    /**
     * Freezes the values. Idempotent; {@link Transport} does it.
     *
     * @return this.
     */
    public SocketContext conclude() {
        concluded = true;
        return this;
    }

    /**
     * Bytes that the operating system may keep of what came in (SO_RCVBUF).
     *
     * @return the length in bytes; 0 for the operating system's default, which mostly adapts itself.
     */
    public int receiveBufferLength() {
        return receiveBufferLength;
    }

    /**
     * Sets how much the operating system may keep of what came in; a hint.
     *
     * @param bytes from 1 to 1 GiB.
     * @return this.
     */
    public SocketContext receiveBufferLength(final int bytes) {
        checkOpen();
        receiveBufferLength = Ranges.within("receiveBufferLength", bytes, 1, MOST_BYTES);
        return this;
    }

    /**
     * Bytes that the operating system may keep of what goes out (SO_SNDBUF).
     *
     * @return the length in bytes; 0 for the operating system's default, which mostly adapts itself.
     */
    public int sendBufferLength() {
        return sendBufferLength;
    }

    /**
     * Sets how much the operating system may keep of what goes out; a hint.
     *
     * @param bytes from 1 to 1 GiB.
     * @return this.
     */
    public SocketContext sendBufferLength(final int bytes) {
        checkOpen();
        sendBufferLength = Ranges.within("sendBufferLength", bytes, 1, MOST_BYTES);
        return this;
    }

    /**
     * Whether bytes go out at once instead of waiting for an acknowledgement (TCP_NODELAY): true unless set.
     *
     * @return true for at once.
     */
    public boolean noDelay() {
        return noDelay;
    }

    /**
     * Sets whether bytes go out at once.
     *
     * @param atOnce true for at once.
     * @return this.
     */
    public SocketContext noDelay(final boolean atOnce) {
        checkOpen();
        noDelay = atOnce;
        return this;
    }

    /**
     * Whether the operating system asks a silent peer for a sign of life (SO_KEEPALIVE): false unless set.
     *
     * @return true if it does.
     */
    public boolean keepAlive() {
        return keepAlive;
    }

    /**
     * Sets whether the operating system asks a silent peer for a sign of life, mostly after two hours.
     *
     * @param asks true if it does.
     * @return this.
     */
    public SocketContext keepAlive(final boolean asks) {
        checkOpen();
        keepAlive = asks;
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
