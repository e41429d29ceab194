package io.millrace.transport.websocket;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * How WebSockets are opened and what they take, of a listener or a client; beside the
 * {@link io.millrace.transport.ConnectionContext}, which has the longest message, the time for the handshakes, idle times and
 * heartbeats (pings). Set it up on one thread; {@link #conclude()} freezes it, after which any thread may read it. Setters
 * check their value at once.
 */
public final class WebSocketContext {
    private List<String> protocols = List.of();
    private HttpFields fields = HttpFields.EMPTY;
    private HttpHook upgradeHook = (connection, request) -> HttpAnswer.upgrade();
    private HttpHook requestHook = (connection, request) -> HttpAnswer.upgradeRequired();
    private int maxHeadLength = 16 * 1024;
    private boolean inPieces;
    private boolean checksText = true;
    private int maxPingsPerSecond = 1000;
    private DeflateContext deflate;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public WebSocketContext() {}

    /**
     * Freezes the values. Idempotent; a transport that is given it does it.
     *
     * @return this.
     */
    public WebSocketContext conclude() {
        if (deflate != null) {
            deflate.conclude();
        }
        concluded = true;
        return this;
    }

    private void checkOpen() {
        Settings.notConcluded(concluded);
    }

    /**
     * Sub-protocols, the one liked best first. A client offers them. A server chooses the first of its own that the client
     * offers, and none if there is none such; an {@link #upgradeHook} may choose another.
     *
     * @return their names.
     */
    public List<String> protocols() {
        return protocols;
    }

    /**
     * Sets the sub-protocols.
     *
     * @param names tokens, each another one, the one liked best first.
     * @return this.
     * @throws IllegalArgumentException if a name is malformed, or there twice.
     */
    public WebSocketContext protocols(final String... names) {
        checkOpen();
        final List<String> all = List.of(Objects.requireNonNull(names, "protocols"));
        for (final String name : all) {
            if (!HttpFields.isToken(name) || all.indexOf(name) != all.lastIndexOf(name)) {
                throw new IllegalArgumentException("not a sub-protocol, or there twice: name=" + name);
            }
        }
        protocols = all;
        return this;
    }

    /**
     * Header fields that this side's handshakes carry beside their own.
     *
     * @return the fields.
     */
    public HttpFields headers() {
        return fields;
    }

    /**
     * Adds a header field to this side's handshakes, such as a client's {@code Origin} or {@code Authorization}.
     *
     * @param name  a token that the handshake does not set itself.
     * @param value of the field.
     * @return this.
     * @throws IllegalArgumentException if name or value is malformed, or the name is one of the handshake's own.
     */
    public WebSocketContext header(final String name, final String value) {
        checkOpen();
        fields = fields.with(OwnFields.checkFreeInHandshake(Objects.requireNonNull(name, "name")), value);
        return this;
    }

    /**
     * Decides who gets a WebSocket.
     *
     * @return the hook.
     */
    public HttpHook upgradeHook() {
        return upgradeHook;
    }

    /**
     * Sets who decides who gets a WebSocket, on a server: by origin, by credentials, by path. All are let in unless set.
     *
     * @param hook that answers {@link HttpAnswer#upgrade()} or any other status.
     * @return this.
     */
    public WebSocketContext upgradeHook(final HttpHook hook) {
        checkOpen();
        upgradeHook = Objects.requireNonNull(hook, "upgradeHook");
        return this;
    }

    /**
     * Sets who decides who gets a WebSocket, by the request alone.
     *
     * @param hook as in {@link #upgradeHook(HttpHook)}.
     * @return this.
     */
    public WebSocketContext upgradeHook(final Function<HttpRequest, HttpAnswer> hook) {
        checkOpen();
        Objects.requireNonNull(hook, "upgradeHook");
        return upgradeHook((connection, request) -> hook.apply(request));
    }

    /**
     * Answers what does not ask for a WebSocket.
     *
     * @return the hook.
     */
    public HttpHook requestHook() {
        return requestHook;
    }

    /**
     * Sets who answers what does not ask for a WebSocket, on a server: for health checks and small pages, see
     * {@link HttpRoutes}. Status 426 unless set. A request's body is not read, and the connection ends with the answer.
     *
     * @param hook that does not answer {@link HttpAnswer#upgrade()}.
     * @return this.
     */
    public WebSocketContext requestHook(final HttpHook hook) {
        checkOpen();
        requestHook = Objects.requireNonNull(hook, "requestHook");
        return this;
    }

    /**
     * Sets who answers what does not ask for a WebSocket, by the request alone.
     *
     * @param hook as in {@link #requestHook(HttpHook)}.
     * @return this.
     */
    public WebSocketContext requestHook(final Function<HttpRequest, HttpAnswer> hook) {
        checkOpen();
        Objects.requireNonNull(hook, "requestHook");
        return requestHook((connection, request) -> hook.apply(request));
    }

    /**
     * The longest head of a request or a response.
     *
     * @return its length in bytes: 16 KiB unless set.
     */
    public int maxHeadLength() {
        return maxHeadLength;
    }

    /**
     * Sets the longest head. A line of it has at most 8 KiB, and there are at most 100 header fields.
     *
     * @param bytes from 256 to 1,048,576.
     * @return this.
     * @throws IllegalArgumentException if it is out of range.
     */
    public WebSocketContext maxHeadLength(final int bytes) {
        checkOpen();
        maxHeadLength = Settings.within("maxHeadLength", bytes, 256, 1024 * 1024);
        return this;
    }

    /**
     * Whether messages are handed over in pieces as they come: {@link WebSocketHandler#onPiece}.
     *
     * @return false unless set: whole messages.
     */
    public boolean handsOverPieces() {
        return inPieces;
    }

    /**
     * Sets whether messages are handed over in pieces as they come. Then they may have any length; no piece is longer
     * than the connection's longest message.
     *
     * @param pieces false for whole messages, up to the connection's longest.
     * @return this.
     */
    public WebSocketContext handOverPieces(final boolean pieces) {
        checkOpen();
        inPieces = pieces;
        return this;
    }

    /**
     * Whether text that is sent is looked at, and refused unless it is UTF-8. Received text always is.
     *
     * @return true unless set.
     */
    public boolean checksSentText() {
        return checksText;
    }

    /**
     * Sets whether text that is sent is looked at.
     *
     * @param checks false where the content is known.
     * @return this.
     */
    public WebSocketContext checkSentText(final boolean checks) {
        checkOpen();
        checksText = checks;
        return this;
    }

    /**
     * How many pings a peer may send in a second.
     *
     * @return the limit: 1,000 unless set.
     */
    public int maxPingsPerSecond() {
        return maxPingsPerSecond;
    }

    /**
     * Sets how many pings a peer may send in a second; with one more the connection is closed.
     *
     * @param limit positive.
     * @return this.
     * @throws IllegalArgumentException if it is not positive.
     */
    public WebSocketContext maxPingsPerSecond(final int limit) {
        checkOpen();
        maxPingsPerSecond = Settings.within("maxPingsPerSecond", limit, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * Compression.
     *
     * @return its settings; empty for none, as it is unless set.
     */
    public Optional<DeflateContext> deflate() {
        return Optional.ofNullable(deflate);
    }

    /**
     * Offers compression, or takes it if it is offered.
     *
     * @param context of it.
     * @return this.
     */
    public WebSocketContext deflate(final DeflateContext context) {
        checkOpen();
        deflate = Objects.requireNonNull(context, "deflate");
        return this;
    }
}
