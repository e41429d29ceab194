package io.millrace.transport.websocket;

import java.util.Objects;

/**
 * The head of an HTTP request; of a WebSocket's opening one, or of another that came on its port. Immutable.
 *
 * @param method  such as {@code GET}.
 * @param path    of the target, from its slash on, as it came: percent-encoded.
 * @param query   of the target behind the question mark, as it came; empty if there is none.
 * @param version 0 of HTTP/1.0, 1 of HTTP/1.1.
 * @param fields  of the header.
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

    /** Whether it asks for a WebSocket: RFC 6455 section 4.2.1. */
    boolean asksForUpgrade() {
        return fields.lists("Upgrade", "websocket");
    }

    /** What it weighs in an attribute map. */
    long weightBytes() {
        return 2L * (method.length() + path.length() + query.length()) + fields.weightBytes();
    }
}
