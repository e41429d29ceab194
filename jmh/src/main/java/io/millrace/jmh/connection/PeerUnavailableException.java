package io.millrace.jmh.connection;

/** A peer's native half does not load on this machine. Says so in one line: there is nothing to trace. */
public final class PeerUnavailableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the peer and the reason.
     *
     * @param peer that is not to be had.
     * @param why  it does not load.
     */
    public PeerUnavailableException(final String peer, final Throwable why) {
        super("not available here: peer=" + peer + " (" + reason(why) + ")");
    }

    private static String reason(final Throwable why) {
        Throwable root = why;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
