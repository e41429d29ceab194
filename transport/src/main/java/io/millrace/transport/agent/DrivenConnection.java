package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;

/** The duty cycle of one connection, as its owner and its transport know it. */
public interface DrivenConnection extends DrivenAgent {
    /**
     * The connection that this agent drives.
     *
     * @return the face for its users.
     */
    Connection connection();

    /**
     * Whether the calling thread is the one that drives this connection. Any thread; wait-free.
     *
     * @return true in its callbacks.
     */
    boolean isDriver();

    /** Closes the connection because all are closed, its listener's or its transport's. Any thread; idempotent. */
    default void leave() {
        connection().close();
    }

    /**
     * Ends the connection at its next turn, flushing nothing. Any thread; idempotent.
     *
     * @param reason for the report.
     */
    void abort(CloseReason reason);
}
