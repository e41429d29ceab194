package io.millrace.transport.websocket;

/** Answers HTTP requests on a WebSocket's port. */
@FunctionalInterface
public interface HttpHook {
    /**
     * Answers one. The connection's thread, which stands still meanwhile; many connections at once. An exception is
     * answered by status 500.
     *
     * @param request that came.
     * @return the answer.
     */
    HttpAnswer answer(HttpRequest request);
}
