package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sets options as far as a kind of socket knows them. */
final class SocketOptions {
    private SocketOptions() {}

    static void set(final SocketChannel socket, final ChannelOptions options) throws IOException {
        // Before a handshake: a delayed acknowledgement would cost it 40 ms a flight.
        set(socket, StandardSocketOptions.TCP_NODELAY, options.noDelay());
        set(socket, StandardSocketOptions.SO_KEEPALIVE, options.keepAlive());
        if (options.sendBufferLength() > 0) {
            set(socket, StandardSocketOptions.SO_SNDBUF, options.sendBufferLength());
        }
        if (options.receiveBufferLength() > 0) {
            set(socket, StandardSocketOptions.SO_RCVBUF, options.receiveBufferLength());
        }
    }

    /** Before it is bound: an accepted socket's receive window is that of the server's buffer. */
    static void set(final ServerSocketChannel server, final ChannelOptions options) throws IOException {
        set(server, StandardSocketOptions.SO_REUSEADDR, true);
        if (options.receiveBufferLength() > 0) {
            set(server, StandardSocketOptions.SO_RCVBUF, options.receiveBufferLength());
        }
    }

    private static <T> void set(final NetworkChannel socket, final SocketOption<T> option, final T value)
            throws IOException {
        if (socket.supportedOptions().contains(option)) {
            socket.setOption(option, value);
        }
    }
}
