package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A listening Unix socket and the file it made. */
final class UnixServerChannel implements ServerChannel {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET_TYPE = 0140000;

    private final SocketServerChannel server;
    private final SocketFile file;
    private boolean closed;

    private UnixServerChannel(final Path path, final URI uri, final ChannelOptions options) throws IOException {
        file = new SocketFile(path, uri);
        server = SocketServerChannel.bind(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path), file, options);
    }

    static UnixServerChannel bind(final Path path, final URI uri, final ChannelOptions options) throws IOException {
        try {
            return new UnixServerChannel(path, uri, options);
        } catch (final BindException ex) {
            deleteIfStale(path, ex);
            return new UnixServerChannel(path, uri, options);
        }
    }

    /** Two that find the same stale file at the same time may both delete it: the later one then has the path. */
    private static void deleteIfStale(final Path path, final BindException failure) throws IOException {
        if (!isSocket(path)) {
            throw failure("the path is taken by something other than a socket", failure);
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (final ConnectException ex) {
            Files.deleteIfExists(path);
            return;
        } catch (final IOException ex) {
            failure.addSuppressed(ex);
        }
        throw failure;
    }

    /** To connect tells nothing: a FIFO and a device refuse, too. */
    private static boolean isSocket(final Path path) throws IOException {
        try {
            final Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return mode instanceof Integer bits && (bits & FILE_TYPE) == SOCKET_TYPE;
        } catch (final UnsupportedOperationException | IllegalArgumentException ex) {
            return false;
        }
    }

    private static BindException failure(final String text, final BindException cause) {
        final BindException failure = new BindException(text);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public SocketAddress localAddress() {
        return server.localAddress();
    }

    @Override
    public URI uri() {
        return server.uri();
    }

    @Override
    public IncomingChannel accept() throws IOException {
        return server.accept();
    }

    @Override
    public void accepting(final boolean accepting) {
        server.accepting(accepting);
    }

    @Override
    public void park(final long maxNs) {
        server.park(maxNs);
    }

    @Override
    public void unpark() {
        server.unpark();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        file.undo();
        server.close();
    }
}
