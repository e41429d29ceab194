package io.millrace.transport.agent;

import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;

/** A server in memory, whose peers the test plays. */
final class FakeServer implements ServerChannel {
    /** One peer: refused if it was closed and not opened. */
    static final class Peer implements IncomingChannel {
        final FakeChannel channel = new FakeChannel();
        final SocketAddress address;
        IOException openFailure;
        boolean opened;
        boolean closed;

        Peer(final SocketAddress address) {
            this.address = address;
        }

        @Override
        public SocketAddress remoteAddress() {
            return address;
        }

        @Override
        public ConnectionChannel open() throws IOException {
            if (openFailure != null) {
                closed = true;
                throw openFailure;
            }
            opened = true;
            return channel;
        }

        @Override
        public void close() {
            closed = true;
        }

        boolean refused() {
            return closed && !opened;
        }
    }

    final Deque<Peer> waiting = new ArrayDeque<>();
    IOException failure;
    boolean accepting = true;
    boolean closed;

    Peer connect(final String address) {
        final Peer peer = new Peer(new InetSocketAddress(address, 1234));
        waiting.add(peer);
        return peer;
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public URI uri() {
        return URI.create("fake://127.0.0.1:1");
    }

    @Override
    public IncomingChannel accept() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return waiting.poll();
    }

    @Override
    public void accepting(final boolean newAccepting) {
        accepting = newAccepting;
    }

    @Override
    public void park(final long maxNs) {
        throw new AssertionError("the test drives the agent: nobody parks");
    }

    @Override
    public void unpark() {
        throw new AssertionError("nobody sleeps");
    }

    @Override
    public void close() {
        closed = true;
    }
}
