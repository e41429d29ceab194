package io.millrace.transport.channel;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;

/** A listening TCP socket with a selector of its own. One thread, except {@link #unpark}. */
public final class Acceptor implements Parker, AutoCloseable {
    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final SelectorParker parker;

    /**
     * Binds.
     *
     * @param wanted address; port 0 for any.
     * @throws IOException if it is taken or not ours.
     */
    public Acceptor(final InetSocketAddress wanted) throws IOException {
        Selector opened = null;
        server = ServerSocketChannel.open();
        try {
            server.configureBlocking(false);
            server.bind(wanted);
            address = (InetSocketAddress) server.getLocalAddress();
            opened = Selector.open();
            server.register(opened, SelectionKey.OP_ACCEPT);
            parker = new SelectorParker(opened);
        } catch (final IOException | RuntimeException ex) {
            CloseHelper.quietCloseAll(opened, server);
            throw ex;
        }
    }

    /**
     * The bound address.
     *
     * @return the address with its real port.
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Accepts a connection if one waits.
     *
     * @return its socket, or null.
     * @throws IOException for want of descriptors.
     */
    public SocketChannel accept() throws IOException {
        return server.accept();
    }

    @Override
    public void park(final long maxNs) {
        parker.park(maxNs);
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(server, parker);
    }
}
