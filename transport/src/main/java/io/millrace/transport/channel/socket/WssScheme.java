package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.URI;

/** {@code wss://host:port/path}: TCP, TLS, and WebSocket over them. Port 443 if none is given. */
public final class WssScheme implements ChannelScheme {
    private static final int USUAL_PORT = 443;

    private final TcpScheme tcp = new TcpScheme();

    /** Made by the service loader. */
    public WssScheme() {}

    @Override
    public String name() {
        return "wss";
    }

    @Override
    public boolean isTls() {
        return true;
    }

    @Override
    public ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        return tcp.bind(HostAndPort.withUsualPort(uri, USUAL_PORT), options);
    }

    @Override
    public ConnectionChannel connect(final URI uri, final ChannelOptions options) throws IOException {
        return tcp.connect(HostAndPort.withUsualPort(uri, USUAL_PORT), options);
    }
}
