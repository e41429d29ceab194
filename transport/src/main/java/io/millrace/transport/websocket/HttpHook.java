package io.millrace.transport.websocket;

import io.millrace.transport.Connection;

/** Answers HTTP requests on a WebSocket's port. */
@FunctionalInterface
public interface HttpHook {
    /**
     * Answers one. The connection's thread, which stands still meanwhile; many connections at once. An exception is
     * answered by status 500.
     *
     * @param connection that it came on, not open yet: for the peer's address, its certificates
     *                   ({@link Connection#tls()}), and attributes such as who it turned out to be. It has the request as
     *                   {@link WebSocket#REQUEST}.
     * @param request    that came.
     * @return the answer.
     */
    HttpAnswer answer(Connection connection, HttpRequest request);
}
