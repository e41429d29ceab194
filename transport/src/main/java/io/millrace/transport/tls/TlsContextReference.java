package io.millrace.transport.tls;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The {@link TlsContext} that new connections use, and the one place to change it while others live: those keep what they
 * began with. Any thread; lock-free.
 */
public final class TlsContextReference {
    private record State(TlsContext context, boolean serves) {}

    private final AtomicReference<State> current;

    /**
     * Makes a reference.
     *
     * @param first context, which is concluded here.
     */
    public TlsContextReference(final TlsContext first) {
        current = new AtomicReference<>(new State(first.conclude(), false));
    }

    /**
     * The context for a connection that begins now.
     *
     * @return the context, concluded.
     */
    public TlsContext get() {
        return current.get().context;
    }

    /**
     * A listener is about to use it: from here on there is always a context that can serve. A transport calls it.
     *
     * @return false if the present one cannot, and nothing has changed.
     */
    public boolean serve() {
        return current.updateAndGet(now -> now.serves || !now.context.canServe() ? now : new State(now.context, true))
                .serves;
    }

    /**
     * Changes the context for connections to come, and forgets the sessions that were to be resumed by the old one: they
     * were trusted by other rules. Where a listener uses it, or has, a context without an identity is refused: every
     * client's handshake would fail. Whether an {@link TlsContext#sslContext} has one is not known, and it is taken.
     *
     * @param next context, which is concluded here: if that fails, nothing has changed.
     * @return the context until now.
     * @throws IllegalArgumentException if a listener uses this reference, and the context has no identity
     *     ({@link TlsContext#canServe()}); nothing has changed then.
     */
    public TlsContext swap(final TlsContext next) {
        next.conclude();
        final TlsContext old = current.getAndUpdate(now -> {
                    if (now.serves && !next.canServe()) {
                        throw new IllegalArgumentException(
                                "a listener serves by this reference, and the new context has no identity: set one");
                    }
                    return new State(next, now.serves);
                })
                .context;
        if (old != next) {
            old.dropSessions();
        }
        return old;
    }

    @Override
    public String toString() {
        final State now = current.get();
        return "TlsContextReference serves=" + now.serves + " " + now.context;
    }
}
