package io.millrace.transport.websocket;

import java.util.zip.Deflater;

/**
 * Compression of messages, permessage-deflate (RFC 7692): off unless a {@link WebSocketContext} is given one of these. A
 * window smaller than 15 bits, if this side or the peer wants one, costs ratio: the JDK's compressor has no other, so that
 * all is forgotten whenever a smaller one is full. Set it up on one thread; {@link #conclude()} freezes it, after which any thread
 * may read it. Setters check their value at once.
 */
public final class DeflateContext {
    private static final int MIN_BITS = 8;

    private boolean serverKeepsContext = true;
    private boolean clientKeepsContext = true;
    private int serverMaxWindowBits = DeflateTerms.ALL_BITS;
    private int clientMaxWindowBits = DeflateTerms.ALL_BITS;
    private int level = Deflater.DEFAULT_COMPRESSION;
    private int minLength = 256;
    private int maxRatio = 1000;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public DeflateContext() {}

    /**
     * Freezes the values. Idempotent; the {@link WebSocketContext} that is given it does it.
     *
     * @return this.
     */
    public DeflateContext conclude() {
        concluded = true;
        return this;
    }

    private void checkOpen() {
        Settings.notConcluded(concluded);
    }

    /**
     * Whether the server's messages may refer to earlier ones: smaller, but the server keeps a compressor of about 256 KiB and the
     * client an inflater of about 40 KiB for each connection.
     *
     * @return true unless set.
     */
    public boolean serverKeepsContext() {
        return serverKeepsContext;
    }

    /**
     * Sets whether the server's messages may refer to earlier ones.
     *
     * @param keeps false for {@code server_no_context_takeover}.
     * @return this.
     */
    public DeflateContext serverKeepsContext(final boolean keeps) {
        checkOpen();
        serverKeepsContext = keeps;
        return this;
    }

    /**
     * Whether the client's messages may refer to earlier ones.
     *
     * @return true unless set.
     */
    public boolean clientKeepsContext() {
        return clientKeepsContext;
    }

    /**
     * Sets whether the client's messages may refer to earlier ones.
     *
     * @param keeps false for {@code client_no_context_takeover}.
     * @return this.
     */
    public DeflateContext clientKeepsContext(final boolean keeps) {
        checkOpen();
        clientKeepsContext = keeps;
        return this;
    }

    /**
     * How far back the server's messages may refer.
     *
     * @return the base-2 logarithm of the bytes.
     */
    public int serverMaxWindowBits() {
        return serverMaxWindowBits;
    }

    /**
     * Sets how far back the server's messages may refer: {@code server_max_window_bits}. A client that wants less than 15
     * takes no answer that grants more; a server keeps to it whatever it is asked for.
     *
     * @param bits from 8 to 15: a window of 256 bytes to 32 KiB.
     * @return this.
     * @throws IllegalArgumentException if it is out of range.
     */
    public DeflateContext serverMaxWindowBits(final int bits) {
        checkOpen();
        serverMaxWindowBits = Settings.within("serverMaxWindowBits", bits, MIN_BITS, DeflateTerms.ALL_BITS);
        return this;
    }

    /**
     * How far back the client's messages may refer.
     *
     * @return the base-2 logarithm of the bytes.
     */
    public int clientMaxWindowBits() {
        return clientMaxWindowBits;
    }

    /**
     * Sets how far back the client's messages may refer: {@code client_max_window_bits}. A client keeps to it whatever it is
     * answered; a server can ask only those for it that say that they can.
     *
     * @param bits from 8 to 15: a window of 256 bytes to 32 KiB.
     * @return this.
     * @throws IllegalArgumentException if it is out of range.
     */
    public DeflateContext clientMaxWindowBits(final int bits) {
        checkOpen();
        clientMaxWindowBits = Settings.within("clientMaxWindowBits", bits, MIN_BITS, DeflateTerms.ALL_BITS);
        return this;
    }

    /**
     * How hard to compress.
     *
     * @return from 1 to 9, or -1 for the JDK's default.
     */
    public int level() {
        return level;
    }

    /**
     * Sets how hard to compress.
     *
     * @param newLevel from 1 to 9, or -1 for the JDK's default.
     * @return this.
     * @throws IllegalArgumentException if it is out of range.
     */
    public DeflateContext level(final int newLevel) {
        checkOpen();
        if (newLevel != Deflater.DEFAULT_COMPRESSION) {
            Settings.within("level", newLevel, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION);
        }
        level = newLevel;
        return this;
    }

    /**
     * The shortest message to compress.
     *
     * @return its length in bytes.
     */
    public int minLength() {
        return minLength;
    }

    /**
     * Sets the shortest message to compress.
     *
     * @param bytes not negative.
     * @return this.
     * @throws IllegalArgumentException if it is negative.
     */
    public DeflateContext minLength(final int bytes) {
        checkOpen();
        minLength = Settings.within("minLength", bytes, 0, Integer.MAX_VALUE);
        return this;
    }

    /**
     * How many times its own length a peer's message may inflate to, once it is longer than 16 KiB; and never to more than the
     * longest message, unless it is handed over in pieces. Deflate itself reaches 1,032.
     *
     * @return the ratio.
     */
    public int maxRatio() {
        return maxRatio;
    }

    /**
     * Sets how many times its own length a peer's message may inflate to.
     *
     * @param ratio positive.
     * @return this.
     * @throws IllegalArgumentException if it is not positive.
     */
    public DeflateContext maxRatio(final int ratio) {
        checkOpen();
        maxRatio = Settings.within("maxRatio", ratio, 1, Integer.MAX_VALUE);
        return this;
    }
}
