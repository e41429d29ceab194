package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code unix:/path}: a Unix domain socket in the file system. The operating system bounds the path's length: about 107
 * bytes on Linux, 103 on macOS. A file that a listener left behind when its process died is replaced when nobody answers
 * on it, which a live listener sees as a connection that closes at once; any other file is left alone. A listener that closes deletes the file that it bound, unless another has
 * taken the path meanwhile. Who may connect is up to the permissions of the file and its directory.
 */
public final class UnixScheme implements ChannelScheme {
    /** Made by the service loader. */
    public UnixScheme() {}

    @Override
    public String name() {
        return "unix";
    }

    @Override
    public ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        final Path path = path(uri);
        try {
            return UnixServerChannel.bind(path, uri, options);
        } catch (final IOException ex) {
            throw named(path, ex);
        }
    }

    @Override
    public ConnectionChannel connect(final URI uri, final ChannelOptions options) throws IOException {
        final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path(uri));
        return SocketConnectionChannel.connecting(new Dialer(() -> List.of(address), options), options);
    }

    private static Path path(final URI uri) {
        final String text = uri.getPath();
        final boolean bare = uri.getRawAuthority() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (text == null || !text.startsWith("/") || text.endsWith("/") || !bare) {
            throw new IllegalArgumentException("no path of a socket, want unix:/path: uri=" + uri);
        }
        try {
            return Path.of(text);
        } catch (final InvalidPathException ex) {
            throw new IllegalArgumentException("not a path: uri=" + uri, ex);
        }
    }

    private static IOException named(final Path path, final IOException failure) {
        final int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        return new IOException(failure.getMessage() + ": bytes=" + bytes + " path=" + path, failure);
    }
}
