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

/** Netty, with an event loop group for either end. */
final class NettyLink implements Link {
    private final EventLoopGroup serverGroup;
    private final EventLoopGroup clientGroup;
    private final NettyUse use;
    private final Channel client;

    NettyLink(
            final NettyIo io, final NettyUse use, final NettyTls tls, final Receiver atServer, final Receiver atClient)
            throws Exception {
        this.use = use;
        final Optional<NettyTls.Pair> contexts = tls.contexts();
        serverGroup = new MultiThreadIoEventLoopGroup(io.handlers());
        clientGroup = new MultiThreadIoEventLoopGroup(io.handlers());
        final Channel listener = new ServerBootstrap()
                .group(serverGroup)
                .channel(io.serverChannel())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, use.waterMark())
                .childHandler(initializer(contexts.map(NettyTls.Pair::server), atServer))
                .bind("localhost", 0)
                .sync()
                .channel();
        client = new Bootstrap()
                .group(clientGroup)
                .channel(io.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, use.waterMark())
                .handler(initializer(contexts.map(NettyTls.Pair::client), atClient))
                .connect("localhost", ((InetSocketAddress) listener.localAddress()).getPort())
                .sync()
                .channel();
        final SslHandler handler = client.pipeline().get(SslHandler.class);
        if (handler != null) {
            handler.handshakeFuture().sync();
        }
    }

    private ChannelInitializer<SocketChannel> initializer(final Optional<SslContext> tls, final Receiver receiver) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(final SocketChannel channel) {
                tls.ifPresent(context -> channel.pipeline()
                        .addLast(
                                context.isClient()
                                        ? context.newHandler(channel.alloc(), "localhost", -1)
                                        : context.newHandler(channel.alloc())));
                use.addTo(channel.pipeline(), receiver);
            }
        };
    }

    @Override
    public Sender sender() {
        return use.sender(client);
    }

    @Override
    public void close() {
        client.close().awaitUninterruptibly();
        clientGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
