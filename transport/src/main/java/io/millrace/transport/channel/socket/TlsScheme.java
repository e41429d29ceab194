package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.URI;

/** {@code tls://host:port}: TCP, and TLS over it. */
public final class TlsScheme implements ChannelScheme {
    private final TcpScheme tcp = new TcpScheme();

    /** Made by the service loader. */
    public TlsScheme() {}

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public boolean isTls() {
        return true;
    }

    @Override
    public ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        return tcp.bind(uri, options);
    }

    @Override
    public ConnectionChannel connect(final URI uri, final ChannelOptions options) throws IOException {
        return tcp.connect(uri, options);
    }
}
