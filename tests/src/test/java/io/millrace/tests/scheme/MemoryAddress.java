package io.millrace.tests.scheme;

import java.net.SocketAddress;

/** Where a memory channel ends: a port, or the nameless end of a client. */
final class MemoryAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final int port;

    MemoryAddress(final int port) {
        this.port = port;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof MemoryAddress address && address.port == port;
    }

    @Override
    public int hashCode() {
        return port;
    }

    @Override
    public String toString() {
        return "memory:" + port;
    }
}
