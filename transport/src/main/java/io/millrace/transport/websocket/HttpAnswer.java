package io.millrace.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server answers an HTTP request: {@link #upgrade()} to a WebSocket, or any other status, with a small body, after
 * which the connection ends. Immutable.
 */
public final class HttpAnswer {
    /** The longest body in bytes. */
    public static final int MAX_BODY_LENGTH = 1024 * 1024;

    private static final int SWITCHING = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int UPGRADE_REQUIRED = 426;

    private static final String CONTENT_TYPE = "Content-Type";

    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(SWITCHING, "Switching Protocols"),
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(202, "Accepted"),
            Map.entry(NO_CONTENT, "No Content"),
            Map.entry(301, "Moved Permanently"),
            Map.entry(302, "Found"),
            Map.entry(303, "See Other"),
            Map.entry(NOT_MODIFIED, "Not Modified"),
            Map.entry(307, "Temporary Redirect"),
            Map.entry(308, "Permanent Redirect"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(UPGRADE_REQUIRED, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    private final int status;
    private final HttpFields fields;
    private final byte[] body;

    /** Null for the first of the server's that the client offers. */
    private final String protocol;

    private HttpAnswer(final int status, final HttpFields fields, final byte[] body, final String protocol) {
        this.status = status;
        this.fields = fields;
        this.body = body;
        this.protocol = protocol;
    }

    /**
     * Lets the client have its WebSocket.
     *
     * @return the answer.
     */
    public static HttpAnswer upgrade() {
        return new HttpAnswer(SWITCHING, HttpFields.EMPTY, new byte[0], null);
    }

    /**
     * Answers by another status, and ends the connection.
     *
     * @param status from 200 to 599.
     * @return the answer, without a body.
     * @throws IllegalArgumentException if the status is out of range.
     */
    public static HttpAnswer status(final int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be from 200 to 599: status=" + status);
        }
        return new HttpAnswer(status, HttpFields.EMPTY, new byte[0], null);
    }

    /**
     * Tells a client that this is the place of a WebSocket: status 426.
     *
     * @return the answer, with a sentence for people.
     */
    public static HttpAnswer upgradeRequired() {
        return status(UPGRADE_REQUIRED)
                .header(Opening.SEC_VERSION, Opening.VERSION)
                .body("This is the place of a WebSocket.\n");
    }

    /**
     * Adds a header field.
     *
     * @param name  a token; not one that the answer sets itself: {@code Upgrade}, {@code Connection},
     *              {@code Date}, {@code Content-Length}, {@code Transfer-Encoding}, {@code Sec-WebSocket-*} but
     *              {@code Sec-WebSocket-Version}.
     * @param value of the field.
     * @return a new answer.
     * @throws IllegalArgumentException if name or value is malformed.
     */
    public HttpAnswer header(final String name, final String value) {
        return new HttpAnswer(status, fields.with(OwnFields.checkFree(name), value), body, protocol);
    }

    /**
     * Sets the body, in the place of another.
     *
     * @param contentType such as {@code text/html; charset=utf-8}.
     * @param content     at most {@link #MAX_BODY_LENGTH} bytes; copied.
     * @return a new answer.
     * @throws IllegalArgumentException if it is too long, or the status has no body: 101, 204, 304.
     */
    public HttpAnswer body(final String contentType, final byte[] content) {
        if (content.length > MAX_BODY_LENGTH) {
            throw new IllegalArgumentException("body too long: length=" + content.length);
        }
        if (!hasBody()) {
            throw new IllegalArgumentException(
                    "such an answer has no body: status=" + status + " length=" + content.length);
        }
        return new HttpAnswer(
                status, fields.without(CONTENT_TYPE).with(CONTENT_TYPE, contentType), content.clone(), protocol);
    }

    /**
     * Sets a text as body.
     *
     * @param text at most {@link #MAX_BODY_LENGTH} bytes in UTF-8.
     * @return a new answer.
     * @throws IllegalArgumentException as {@link #body(String, byte[])}.
     */
    public HttpAnswer body(final String text) {
        return body("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Chooses the sub-protocol: it has to be one that the client offers.
     *
     * @param name of the sub-protocol.
     * @return a new answer.
     */
    public HttpAnswer protocol(final String name) {
        return new HttpAnswer(status, fields, body, Objects.requireNonNull(name, "name"));
    }

    /** The fields, too. */
    HttpAnswer with(final HttpFields more) {
        HttpFields all = fields;
        for (final Map.Entry<String, String> entry : more.entries()) {
            all = all.with(entry.getKey(), entry.getValue());
        }
        return new HttpAnswer(status, all, body, protocol);
    }

    /**
     * The status.
     *
     * @return 101 for an upgrade.
     */
    public int status() {
        return status;
    }

    HttpFields fields() {
        return fields;
    }

    boolean isUpgrade() {
        return status == SWITCHING;
    }

    private boolean hasBody() {
        return !isUpgrade() && status != NO_CONTENT && status != NOT_MODIFIED;
    }

    Optional<String> protocol() {
        return Optional.ofNullable(protocol);
    }

    /** As it goes to the wire, with fields of the handshake's own. */
    byte[] encode(final HttpFields own, final boolean withBody) {
        final StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(PHRASES.getOrDefault(status, "Status"))
                .append("\r\n");
        own.writeTo(head);
        fields.writeTo(head);
        if (!isUpgrade()) {
            // RFC 9110 section 15.5.22: with this status the server names what to upgrade to.
            head.append(
                    status == UPGRADE_REQUIRED
                            ? "Connection: close, Upgrade\r\nUpgrade: websocket\r\n"
                            : "Connection: close\r\n");
        }
        if (hasBody()) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        final byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        final byte[] all = Arrays.copyOf(start, start.length + (withBody ? body.length : 0));
        System.arraycopy(body, 0, all, start.length, all.length - start.length);
        return all;
    }
}
