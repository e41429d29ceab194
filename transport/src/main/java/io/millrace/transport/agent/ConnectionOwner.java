package io.millrace.transport.agent;

/** What is told of a connection beside its handler. The connection's thread. */
@FunctionalInterface
public interface ConnectionOwner {
    /**
     * The connection is ready: before the handler's onOpen. What it throws ends the connection.
     *
     * @param agent of the connection.
     */
    default void onOpen(final ConnectionAgent agent) {}

    /**
     * The connection is over, or never came to be: before the handler's onClose. Exactly once.
     *
     * @param agent of the connection.
     */
    void onEnd(ConnectionAgent agent);
}
