package io.millrace.transport.websocket;

import java.util.Objects;

/**
 * The head of a server's answer to a client that asked for a WebSocket. Immutable.
 *
 * @param status 101 if the client got it.
 * @param fields of the header.
 */
public record HttpResponse(int status, HttpFields fields) {
    /**
     * Makes a response.
     *
     * @param status of HTTP.
     * @param fields of the header.
     */
    public HttpResponse {
        Objects.requireNonNull(fields, "fields");
    }

    /** What it weighs in an attribute map. */
    long weightBytes() {
        return fields.weightBytes();
    }
}
