package io.millrace.transport.tls;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The {@link TlsContext} that new connections use, and the one place to change it while others live: those keep what they
 * began with. Any thread; lock-free.
 */
public final class TlsContextReference {
    private final AtomicReference<TlsContext> current;

    /**
     * Makes a reference.
     *
     * @param first context, which is concluded here.
     */
    public TlsContextReference(final TlsContext first) {
        current = new AtomicReference<>(first.conclude());
    }

    /**
     * The context for a connection that begins now.
     *
     * @return the context, concluded.
     */
    public TlsContext get() {
        return current.get();
    }

    /**
     * Changes the context for connections to come, and forgets the sessions that were to be resumed by the old one: they
     * were trusted by other rules. Listeners go on with what it holds: one without an identity
     * ({@link TlsContext#canServe()}) is taken, and then every client's handshake fails.
     *
     * @param next context, which is concluded here: if that fails, nothing has changed.
     * @return the context until now.
     */
    public TlsContext swap(final TlsContext next) {
        final TlsContext old = current.getAndSet(next.conclude());
        if (old != next) {
            old.dropSessions();
        }
        return old;
    }
}
