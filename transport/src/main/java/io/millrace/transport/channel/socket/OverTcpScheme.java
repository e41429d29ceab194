package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.URI;

/** A scheme whose channels are TCP's: others make TLS or WebSocket of them. */
abstract class OverTcpScheme implements ChannelScheme {
    /** It has to be given, and nothing follows it. */
    static final int NO_USUAL_PORT = -1;

    private final String name;
    private final boolean isTls;
    private final int usualPort;

    OverTcpScheme(final String name, final boolean isTls, final int usualPort) {
        this.name = name;
        this.isTls = isTls;
        this.usualPort = usualPort;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean isTls() {
        return isTls;
    }

    @Override
    public final ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        return TcpScheme.bindTo(checked(uri), options);
    }

    @Override
    public final ConnectionChannel connect(final URI uri, final ChannelOptions options) throws IOException {
        return TcpScheme.connectTo(checked(uri), options);
    }

    private URI checked(final URI uri) {
        if (usualPort == NO_USUAL_PORT) {
            HostAndPort.checkNothingElse(uri);
            return uri;
        }
        return HostAndPort.withUsualPort(uri, usualPort);
    }
}
