package io.millrace.transport;

import java.util.Objects;
import java.util.Optional;

/**
 * Settings of a {@link Listener}. Set it up on one thread; {@link #conclude()} freezes it and what it holds, after which
 * any thread may read it. Setters check their value at once.
 */
public final class ListenerContext {
    private ConnectionContext connectionContext;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public ListenerContext() {}

    /**
     * Checks the values against one another and freezes them. Idempotent; {@link Transport} does it.
     *
     * @return this.
     * @throws IllegalArgumentException if values don't go together.
     */
    public ListenerContext conclude() {
        if (!concluded) {
            if (connectionContext != null) {
                connectionContext.conclude();
            }
            concluded = true;
        }
        return this;
    }

    /**
     * Settings of the accepted connections.
     *
     * @return the context; empty for {@link TransportContext#connectionContext()}.
     */
    public Optional<ConnectionContext> connectionContext() {
        return Optional.ofNullable(connectionContext);
    }

    /**
     * Sets the settings of the accepted connections.
     *
     * @param context to use, which is concluded with this one.
     * @return this.
     */
    public ListenerContext connectionContext(final ConnectionContext context) {
        checkOpen();
        connectionContext = Objects.requireNonNull(context, "connectionContext");
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
