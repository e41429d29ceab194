package io.millrace.transport;

import io.millrace.session.AttributeKey;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a PROXY header said about a connection, and the socket's own addresses, which are the proxy's and ours. After
 * HAProxy's {@code proxy-protocol.txt} of 2020/03/05. Immutable.
 *
 * @param version      of the header: 1 or 2.
 * @param source       the client's address, which is the connection's remote address; empty if the proxy speaks for itself
 *                     (LOCAL) or does not know (UNKNOWN, UNSPEC): then the socket's own holds.
 * @param destination  the address the client connected to, which is the connection's local address; empty as the source.
 * @param socketLocal  the socket's own local address.
 * @param socketRemote the socket's own remote address: the proxy.
 * @param tlvs         the type-length-value vectors of version 2 as they came; empty if there were none.
 */
public record ProxyInfo(
        int version,
        Optional<SocketAddress> source,
        Optional<SocketAddress> destination,
        SocketAddress socketLocal,
        SocketAddress socketRemote,
        ByteBuffer tlvs) {
    /** The attribute of a connection that came with a PROXY header. */
    public static final AttributeKey<ProxyInfo> ATTRIBUTE =
            AttributeKey.of("proxy", ProxyInfo.class, info -> info.tlvs.capacity());

    /**
     * The type-length-value vectors of version 2.
     *
     * @return a read-only view of its own.
     */
    @Override
    public ByteBuffer tlvs() {
        return tlvs.asReadOnlyBuffer();
    }
}
