package io.millrace.transport.agent;

import io.millrace.transport.tls.ProbeSides;
import io.millrace.transport.tls.TlsSide;
import java.util.Optional;

/** Two sides whose engines say what content each record has, so that a wire knows it without the keys. */
final class SimulatedTls {
    private final ProbeSides sides;

    SimulatedTls() {
        try {
            sides = new ProbeSides();
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** The client's side for 0, the server's for 1. */
    Optional<TlsSide> side(final int which, final SimulatedWire out) {
        return Optional.of(which == 0 ? sides.tappedClient(out::expect) : sides.tappedServer(out::expect));
    }
}
