package io.millrace.transport.agent;

import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.ConnectionState;
import io.millrace.transport.TlsInfo;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Moves a connection's state along its legal edges. The connection's thread moves, any thread reads. */
final class Lifecycle {
    private static final StateEdges<ConnectionState, ConnectionPhase> EDGES =
            StateEdges.<ConnectionState, ConnectionPhase>by(ConnectionPhase.class, ConnectionState::phase)
                    .edge(ConnectionPhase.CONNECTING, ConnectionPhase.HANDSHAKING, ConnectionPhase.CLOSED)
                    .edge(
                            ConnectionPhase.HANDSHAKING,
                            ConnectionPhase.HANDSHAKING,
                            ConnectionPhase.OPEN,
                            ConnectionPhase.CLOSED)
                    .edge(ConnectionPhase.OPEN, ConnectionPhase.DRAINING, ConnectionPhase.CLOSED)
                    .edge(ConnectionPhase.DRAINING, ConnectionPhase.CLOSED);

    private final StateCell<ConnectionState> cell = new StateCell<>(ConnectionState.CONNECTING, EDGES);

    /** The connection's thread's own copy. */
    private ConnectionPhase phase = ConnectionPhase.CONNECTING;

    /** Any thread; wait-free. */
    ConnectionState state() {
        return cell.value();
    }

    ConnectionPhase phase() {
        return phase;
    }

    void connected(final SocketAddress local, final SocketAddress remote) {
        move(new ConnectionState(
                ConnectionPhase.HANDSHAKING,
                Optional.ofNullable(local),
                Optional.ofNullable(remote),
                Optional.empty(),
                Optional.empty()));
    }

    /** TLS is agreed on, and a conversation's opening begins. */
    void secured(final Optional<TlsInfo> tls) {
        secured(ConnectionPhase.HANDSHAKING, tls);
    }

    void opened(final Optional<TlsInfo> tls) {
        secured(ConnectionPhase.OPEN, tls);
    }

    private void secured(final ConnectionPhase next, final Optional<TlsInfo> tls) {
        final ConnectionState now = cell.value();
        move(new ConnectionState(next, now.localAddress(), now.remoteAddress(), tls, Optional.empty()));
    }

    void draining(final CloseReason reason) {
        end(ConnectionPhase.DRAINING, reason);
    }

    void closed(final CloseReason reason) {
        end(ConnectionPhase.CLOSED, reason);
    }

    private void end(final ConnectionPhase next, final CloseReason reason) {
        final ConnectionState now = cell.value();
        move(new ConnectionState(next, now.localAddress(), now.remoteAddress(), now.tls(), Optional.of(reason)));
    }

    private void move(final ConnectionState next) {
        cell.compareAndSet(cell.value(), next);
        phase = next.phase();
    }

    /** Why the connection ends by an error of its channel or of its TLS engine. */
    CloseReason reasonOf(final IOException ex) {
        if (ex instanceof SSLException) {
            return phase == ConnectionPhase.HANDSHAKING ? CloseReason.HANDSHAKE_FAILED : CloseReason.TLS_ERROR;
        }
        final String text = String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT);
        final boolean reset = text.contains("reset") || text.contains("broken pipe") || text.contains("aborted");
        if (reset) {
            return CloseReason.PEER_RESET;
        }
        return phase == ConnectionPhase.CONNECTING ? CloseReason.CONNECT_FAILED : CloseReason.IO_ERROR;
    }
}
