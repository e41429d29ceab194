package io.millrace.tests.scheme;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.ServerChannel;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A port of this JVM, and who waits at it. */
final class MemoryServer implements ServerChannel {
    private static final Map<Integer, MemoryServer> BOUND = new ConcurrentHashMap<>();
    private static final AtomicInteger LAST_PORT = new AtomicInteger();

    /** The server's end of a channel whose client has come. */
    record Knock(MemoryStream in, MemoryStream out, SocketAddress local, SocketAddress remote)
            implements IncomingChannel {
        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }

        @Override
        public ConnectionChannel open() {
            return new MemoryChannel(in, out, local, remote, 0);
        }

        @Override
        public void close() {
            out.end();
            in.stopListening();
        }
    }

    private final Queue<Knock> waiting = new ConcurrentLinkedQueue<>();
    private final ThreadParker parker = new ThreadParker();
    private final int port;
    private final URI uri;
    private boolean accepting = true;

    private MemoryServer(final int port, final URI uri) {
        this.port = port;
        this.uri = uri;
    }

    static MemoryServer bind(final URI wanted) throws BindException {
        final int port = wanted.getPort() == 0 ? LAST_PORT.incrementAndGet() : wanted.getPort();
        final MemoryServer server =
                new MemoryServer(port, URI.create(wanted.getScheme() + "://" + wanted.getHost() + ":" + port));
        if (BOUND.putIfAbsent(port, server) != null) {
            throw new BindException("port in use: " + port);
        }
        return server;
    }

    static boolean knock(final int port, final Knock knock) {
        final MemoryServer server = BOUND.get(port);
        if (server == null) {
            return false;
        }
        server.waiting.add(knock);
        server.parker.unpark();
        if (BOUND.get(port) != server) {
            server.turnAway();
        }
        return true;
    }

    private void turnAway() {
        for (Knock knock = waiting.poll(); knock != null; knock = waiting.poll()) {
            knock.close();
        }
    }

    @Override
    public SocketAddress localAddress() {
        return new MemoryAddress(port);
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public IncomingChannel accept() {
        return waiting.poll();
    }

    @Override
    public void accepting(final boolean accepts) {
        accepting = accepts;
    }

    @Override
    public void park(final long maxNs) {
        if (!accepting || waiting.isEmpty()) {
            parker.park(maxNs);
        }
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        BOUND.remove(port, this);
        turnAway();
    }
}
