package io.millrace.transport.websocket;

import java.util.Objects;
import java.util.Optional;

/**
 * The head of an HTTP request; of a WebSocket's opening one, or of another that came on its port. Immutable.
 *
 * @param method  such as {@code GET}.
 * @param path    of the target, from its slash on, as it came: percent-encoded.
 * @param query   of the target behind the question mark, as it came; empty if there is none.
 * @param version 0 of HTTP/1.0, 1 of HTTP/1.1.
 * @param fields  of the header. If the target was a whole URI, its authority stands for {@code Host} (RFC 9112 section 3.2.2).
 */
public record HttpRequest(String method, String path, String query, int version, HttpFields fields) {
    /**
     * Makes a request.
     *
     * @param method  such as {@code GET}.
     * @param path    of the target.
     * @param query   of the target.
     * @param version of HTTP/1.
     * @param fields  of the header.
     */
    public HttpRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(fields, "fields");
    }

    /**
     * The host that the client asks for, and the port unless it is the usual one.
     *
     * @return the field {@code Host}; empty if there is none, as HTTP/1.0 allows.
     */
    public Optional<String> host() {
        return fields.first("Host");
    }

    /**
     * The site whose page asks, if a browser does: RFC 6455 section 10.2. Others send none, or any.
     *
     * @return the field {@code Origin}, such as {@code https://example.com}; empty if there is none.
     */
    public Optional<String> origin() {
        return fields.first("Origin");
    }

    /** Whether it asks for a WebSocket: RFC 6455 section 4.2.1. */
    boolean asksForUpgrade() {
        return fields.lists("Upgrade", "websocket");
    }

    /** What it weighs in an attribute map. */
    long weightBytes() {
        return 2L * (method.length() + path.length() + query.length()) + fields.weightBytes();
    }
}
