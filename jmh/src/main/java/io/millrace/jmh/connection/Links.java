package io.millrace.jmh.connection;

/** Makes links by name. */
public final class Links {
    private Links() {}

    /**
     * The factory of a peer's links.
     *
     * @param name     as in the parameters of the benchmarks.
     * @param security below the messages.
     * @return the factory.
     * @throws IllegalArgumentException if there is no such peer, or not with that security.
     */
    public static Link.Factory of(final String name, final Security security) {
        return Fleets.shared(name, security).map(Fleet.Factory::single).orElseGet(() -> switch (name) {
            case "baseline-socket" -> SocketLink.factory(security, SocketLink.Mode.WRITE_EACH);
            case "baseline-aeron-ipc" -> plain(security, AeronLink.factory(false, AeronUse.DEFAULTS));
            case "baseline-aeron-ipc-best" -> plain(security, AeronLink.factory(false, AeronUse.YIELDING));
            case "baseline-aeron-ipc-backoff" -> plain(security, AeronLink.factory(false, AeronUse.BACKING_OFF));
            case "baseline-aeron-udp" -> plain(security, AeronLink.factory(true, AeronUse.DEFAULTS));
            case "baseline-aeron-udp-best" -> plain(security, AeronLink.factory(true, AeronUse.YIELDING));
            case "baseline-engine" -> SocketLink.factory(security, SocketLink.Mode.ENGINE);
            case "baseline-socket-buffered" -> SocketLink.factory(security, SocketLink.Mode.BUFFERED);
            case "baseline-socket-spinning" -> SocketLink.factory(security, SocketLink.Mode.SPINNING);
            case "baseline-socket-streams" -> plain(security, SocketLink.factory(security, SocketLink.Mode.STREAMS));
            case "baseline-socket-streams-buffered" ->
                plain(security, SocketLink.factory(security, SocketLink.Mode.BUFFERED_STREAMS));
            default -> throw new IllegalArgumentException("no such peer: peer=" + name);
        });
    }

    private static Link.Factory plain(final Security security, final Link.Factory factory) {
        if (security != Security.PLAIN) {
            throw new IllegalArgumentException("only plain: security=" + security);
        }
        return factory;
    }
}
