package io.millrace.jmh.connection;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Netty, with an event loop group for either end. */
final class NettyFleet implements Fleet {
    private static final int BACKLOG = 1024;

    private final EventLoopGroup serverGroup;
    private final EventLoopGroup clientGroup;
    private final NettyUse use;
    private final Bootstrap clients;

    NettyFleet(
            final NettyIo io,
            final NettyUse use,
            final NettyTls tls,
            final Supplier<Link.Receiver> atServer,
            final Supplier<Link.Receiver> atClient)
            throws Exception {
        this.use = use;
        final Optional<NettyTls.Pair> contexts = tls.contexts();
        serverGroup = new MultiThreadIoEventLoopGroup(io.handlers());
        clientGroup = new MultiThreadIoEventLoopGroup(io.handlers());
        final Channel listener = new ServerBootstrap()
                .group(serverGroup)
                .channel(io.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, use.waterMark())
                .childHandler(initializer(contexts.map(NettyTls.Pair::server), atServer))
                .bind("localhost", 0)
                .sync()
                .channel();
        clients = new Bootstrap()
                .group(clientGroup)
                .channel(io.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, use.waterMark())
                .remoteAddress("localhost", ((InetSocketAddress) listener.localAddress()).getPort())
                .handler(initializer(contexts.map(NettyTls.Pair::client), atClient));
    }

    private ChannelInitializer<SocketChannel> initializer(
            final Optional<SslContext> tls, final Supplier<Link.Receiver> receivers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(final SocketChannel channel) {
                tls.ifPresent(context -> channel.pipeline()
                        .addLast(
                                context.isClient()
                                        ? context.newHandler(channel.alloc(), "localhost", -1)
                                        : context.newHandler(channel.alloc())));
                use.addTo(channel.pipeline(), receivers.get());
            }
        };
    }

    @Override
    public Link.Sender connect() throws Exception {
        final Channel client = clients.connect().sync().channel();
        final SslHandler handler = client.pipeline().get(SslHandler.class);
        if (handler != null) {
            handler.handshakeFuture().sync();
        }
        return use.sender(client);
    }

    /** Ends the groups, and with them their channels. */
    @Override
    public void close() {
        clientGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
