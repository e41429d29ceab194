package io.millrace.transport;

import java.net.SocketAddress;
import java.util.Optional;

/**
 * What a connection is at one moment: an immutable value whose parts belong together.
 *
 * @param phase         of its life.
 * @param localAddress  this side's address; empty before the connection is made.
 * @param remoteAddress the peer's address; empty before the connection is made.
 * @param tls           what the handshake agreed on; empty before it is done and without TLS.
 * @param closeReason   why it ends, from {@link ConnectionPhase#DRAINING} on.
 */
public record ConnectionState(
        ConnectionPhase phase,
        Optional<SocketAddress> localAddress,
        Optional<SocketAddress> remoteAddress,
        Optional<TlsInfo> tls,
        Optional<CloseReason> closeReason) {
    /** The state that every connection begins in. */
    public static final ConnectionState CONNECTING = new ConnectionState(
            ConnectionPhase.CONNECTING, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
