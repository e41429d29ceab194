package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;

/**
 * What any thread may ask of a connection's thread. Flags that only ever rise, except for the pause; each is written,
 * then the doorbell rung. The connection's thread reads them in every turn, and once more before it sleeps.
 */
final class Requests {
    private volatile boolean closing;
    private volatile boolean paused;
    private volatile boolean authenticated;
    private volatile CloseReason abortReason;

    void close() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    void pause(final boolean pause) {
        paused = pause;
    }

    boolean isPaused() {
        return paused;
    }

    void authenticate() {
        authenticated = true;
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    void abort(final CloseReason reason) {
        if (abortReason == null) {
            abortReason = reason;
        }
    }

    /** Why to end at once; null if nobody asked for that. */
    CloseReason abortReason() {
        return abortReason;
    }
}
