package io.millrace.jmh.connection;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import java.util.Optional;

/** Netty's ways to the kernel. */
public enum NettyIo {
    NIO(NioServerSocketChannel.class, NioSocketChannel.class),
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class);

    private final Class<? extends ServerChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;

    NettyIo(final Class<? extends ServerChannel> serverChannel, final Class<? extends SocketChannel> channel) {
        this.serverChannel = serverChannel;
        this.channel = channel;
    }

    /**
     * The way with a name.
     *
     * @param name {@code nio}, {@code epoll} or {@code uring}.
     * @return the way.
     */
    public static NettyIo of(final String name) {
        return switch (name) {
            case "nio" -> NIO;
            case "epoll" -> EPOLL;
            case "uring" -> URING;
            default -> throw new IllegalArgumentException("no such transport of Netty: name=" + name);
        };
    }

    /**
     * What listens.
     *
     * @return a class of channels.
     */
    public Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    /**
     * What connects.
     *
     * @return a class of channels.
     */
    public Class<? extends SocketChannel> channel() {
        return channel;
    }

    /**
     * Why the native library does not load.
     *
     * @return the cause, empty if it does.
     */
    public Optional<Throwable> unavailability() {
        return Optional.ofNullable(
                switch (this) {
                    case NIO -> null;
                    case EPOLL -> Epoll.unavailabilityCause();
                    case URING -> IoUring.unavailabilityCause();
                });
    }

    /**
     * A new factory of event loops' handlers.
     *
     * @return the factory.
     * @throws PeerUnavailableException if the native library does not load.
     */
    public IoHandlerFactory handlers() {
        unavailability().ifPresent(why -> {
            throw new PeerUnavailableException("netty-" + name().toLowerCase(Locale.ROOT), why);
        });
        return switch (this) {
            case NIO -> NioIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case URING -> IoUringIoHandler.newFactory();
        };
    }
}
