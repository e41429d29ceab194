package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.URI;

/** {@code ws://host:port/path}: TCP, and WebSocket over it. Port 80 if none is given. */
public final class WsScheme implements ChannelScheme {
    private static final int USUAL_PORT = 80;

    private final TcpScheme tcp = new TcpScheme();

    /** Made by the service loader. */
    public WsScheme() {}

    @Override
    public String name() {
        return "ws";
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
