package io.millrace.tests.scheme;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.URI;

/** A scheme as a user of the library may bring one: {@code memory://host:port} connects within this JVM. */
public final class MemoryScheme implements ChannelScheme {
    /** For the service loader. */
    public MemoryScheme() {}

    @Override
    public String name() {
        return "memory";
    }

    private static void check(final URI uri) {
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException("want memory://host:port: uri=" + uri);
        }
    }

    @Override
    public ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        check(uri);
        return MemoryServer.bind(uri);
    }

    @Override
    public ConnectionChannel connect(final URI uri, final ChannelOptions options) {
        check(uri);
        return new MemoryChannel(
                new MemoryStream(),
                new MemoryStream(),
                new MemoryAddress(0),
                new MemoryAddress(uri.getPort()),
                uri.getPort());
    }
}
