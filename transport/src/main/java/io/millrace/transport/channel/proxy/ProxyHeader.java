package io.millrace.transport.channel.proxy;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What a header said; without addresses if the proxy speaks for itself or does not know. */
record ProxyHeader(int version, Optional<SocketAddress> source, Optional<SocketAddress> destination, ByteBuffer tlvs) {
    static ProxyHeader withoutAddresses(final int version) {
        return new ProxyHeader(version, Optional.empty(), Optional.empty(), ByteBuffer.allocate(0));
    }
}
