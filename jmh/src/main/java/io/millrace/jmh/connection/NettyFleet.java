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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Netty, with an event loop group for either end that is here. */
final class NettyFleet implements Fleet, Fleet.Server {
    private static final int BACKLOG = 1024;

    private final NettyIo io;
    private final NettyUse use;
    private final Optional<NettyTls.Pair> tls;

    /** The clients' first. */
    private final Deque<EventLoopGroup> groups = new ArrayDeque<>();

    private int port;

    /** Null if they are elsewhere. */
    private Bootstrap clients;

    private NettyFleet(final NettyChoice choice) throws Exception {
        io = choice.io();
        use = choice.best() ? NettyUse.BEST : NettyUse.NATURAL;
        tls = choice.tls().contexts();
    }

    static Ends factory(final NettyChoice choice) {
        return new Ends() {
            @Override
            public Fleet open(final Supplier<Link.Receiver> atServer, final Supplier<Link.Receiver> atClient)
                    throws Exception {
                final NettyFleet fleet = new NettyFleet(choice).listen(atServer);
                return fleet.clientsOf(fleet.port, atClient);
            }

            @Override
            public Server serve(final Supplier<Link.Receiver> atServer) throws Exception {
                return new NettyFleet(choice).listen(atServer);
            }

            @Override
            public Fleet dial(final int port, final Supplier<Link.Receiver> atClient) throws Exception {
                return new NettyFleet(choice).clientsOf(port, atClient);
            }
        };
    }

    private EventLoopGroup group() {
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(io.handlers());
        groups.push(group);
        return group;
    }

    private NettyFleet listen(final Supplier<Link.Receiver> atServer) throws InterruptedException {
        final Channel listener = new ServerBootstrap()
                .group(group())
                .channel(io.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, use.waterMark())
                .childHandler(initializer(tls.map(NettyTls.Pair::server), atServer))
                .bind("localhost", 0)
                .sync()
                .channel();
        port = ((InetSocketAddress) listener.localAddress()).getPort();
        return this;
    }

    private NettyFleet clientsOf(final int serverPort, final Supplier<Link.Receiver> atClient) {
        clients = new Bootstrap()
                .group(group())
                .channel(io.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, use.waterMark())
                .remoteAddress("localhost", serverPort)
                .handler(initializer(tls.map(NettyTls.Pair::client), atClient));
        return this;
    }

    private ChannelInitializer<SocketChannel> initializer(
            final Optional<SslContext> security, final Supplier<Link.Receiver> receivers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(final SocketChannel channel) {
                security.ifPresent(context -> channel.pipeline()
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

    @Override
    public int port() {
        return port;
    }

    /** Ends the groups, and with them their channels. */
    @Override
    public void close() {
        groups.forEach(group -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
    }
}
