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
            case "baseline-engine" -> SocketLink.factory(security, SocketLink.Mode.ENGINE);
            case "baseline-socket-buffered" -> SocketLink.factory(security, SocketLink.Mode.BUFFERED);
            case "baseline-socket-spinning" -> SocketLink.factory(security, SocketLink.Mode.SPINNING);
            default -> throw new IllegalArgumentException("no such peer: peer=" + name);
        });
    }
}
