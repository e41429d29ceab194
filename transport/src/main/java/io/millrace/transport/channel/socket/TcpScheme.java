package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.List;

/**
 * {@code tcp://host:port}, where the host is a name, an IPv4 address, or an IPv6 address in brackets. Listening takes the
 * first address of a name; connecting tries all of them.
 */
public final class TcpScheme implements ChannelScheme {
    /** Made by the service loader. */
    public TcpScheme() {}

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        HostAndPort.checkNothingElse(uri);
        return bindTo(uri, options);
    }

    static ServerChannel bindTo(final URI uri, final ChannelOptions options) throws IOException {
        final HostAndPort wanted = HostAndPort.of(uri, 0);
        final InetSocketAddress address = new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException("unknown host: host=" + wanted.host());
        }
        return SocketServerChannel.bind(
                ServerSocketChannel.open(),
                address,
                bound -> HostAndPort.withPort(uri, ((InetSocketAddress) bound).getPort()),
                options);
    }

    @Override
    public ConnectionChannel connect(final URI uri, final ChannelOptions options) throws IOException {
        HostAndPort.checkNothingElse(uri);
        return connectTo(uri, options);
    }

    static ConnectionChannel connectTo(final URI uri, final ChannelOptions options) throws IOException {
        return connect(uri, options, InetAddress::getAllByName);
    }

    static ConnectionChannel connect(final URI uri, final ChannelOptions options, final Resolver resolver)
            throws IOException {
        final HostAndPort peer = HostAndPort.of(uri, 1);
        return SocketConnectionChannel.connecting(new Dialer(() -> resolve(peer, resolver), options), options);
    }

    private static List<SocketAddress> resolve(final HostAndPort peer, final Resolver resolver) throws IOException {
        try {
            return Arrays.stream(resolver.resolve(peer.host()))
                    .<SocketAddress>map(address -> new InetSocketAddress(address, peer.port()))
                    .toList();
        } catch (final UnknownHostException ex) {
            throw (UnknownHostException) new UnknownHostException("unknown host: host=" + peer.host()).initCause(ex);
        }
    }
}
