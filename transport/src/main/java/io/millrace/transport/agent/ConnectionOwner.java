package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;

/** What is told of a connection beside its handler. The connection's thread. */
@FunctionalInterface
public interface ConnectionOwner {
    /**
     * The connection was made: before anything happens on it, and from here on its end is told. The thread that makes it.
     *
     * @param agent of the connection.
     */
    default void onMade(final DrivenConnection agent) {}

    /**
     * The connection is ready: before the handler's onOpen. What it throws ends the connection.
     *
     * @param agent of the connection.
     */
    default void onOpen(final DrivenConnection agent) {}

    /**
     * The connection is about to end because no thread drives it any more, or ever did: before anybody can see that. The
     * thread that was to start it, or the one that drove it.
     *
     * @param agent of the connection.
     */
    default void onThreadLost(final DrivenConnection agent) {}

    /**
     * Asked when a connection ends that never opened, before anybody is told: whether another one was begun in its place,
     * which its handler is to hear of instead.
     *
     * @param agent  of the connection.
     * @param reason of its end.
     * @return true if so.
     */
    default boolean replaces(final DrivenConnection agent, final CloseReason reason) {
        return false;
    }

    /**
     * The connection is over, or never came to be: before the handler's onClose. Exactly once.
     *
     * @param agent of the connection.
     */
    void onEnd(DrivenConnection agent);
}
