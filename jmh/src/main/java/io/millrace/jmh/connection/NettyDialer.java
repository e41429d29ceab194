package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;

/** Netty on NIO. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails is missed where it should have arrived.
final class NettyDialer implements Dialer {
    private static final long DEADLINE_S = 20;

    private final EventLoopGroup serverGroup = new MultiThreadIoEventLoopGroup(NettyIo.NIO.handlers());
    private final EventLoopGroup clientGroup = new MultiThreadIoEventLoopGroup(NettyIo.NIO.handlers());
    private final NettyTls.Pair tls;
    private final Channel listener;
    private final HandshakeCount count;
    private final boolean resumes;
    private final AtomicInteger port = new AtomicInteger(1_000);

    NettyDialer(final NettyTls engines, final boolean resumes) throws Exception {
        this.resumes = resumes;
        final SelfSignedCertificate identity = SelfSignedCertificate.make();
        count = new HandshakeCount(
                identity.certificate(),
                engines == NettyTls.TCNATIVE ? HandshakeCount.NATIVE_SUITE : HandshakeCount.SUITE);
        tls = engines.contexts(identity, count);
        if (tls.server().sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // Without keys of its own it sends no tickets.
            sessions.setTicketKeys(new OpenSslSessionTicketKey(new byte[16], new byte[16], new byte[16]));
        }
        listener = new ServerBootstrap()
                .group(serverGroup)
                .channel(NettyIo.NIO.serverChannel())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel channel) {
                        channel.pipeline().addLast(tls.server().newHandler(channel.alloc()));
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(final ChannelHandlerContext context, final Object message) {
                                context.writeAndFlush(message, context.voidPromise());
                            }
                        });
                    }
                })
                .bind("localhost", 0)
                .sync()
                .channel();
    }

    @Override
    public void dial(final int thread) throws Exception {
        final CompletableFuture<Boolean> echoed = new CompletableFuture<>();
        // As with sockets: a session for each of our threads, or for nobody.
        final int hint = resumes ? thread + 1 : port.incrementAndGet();
        final Channel channel = new Bootstrap()
                .group(clientGroup)
                .channel(NettyIo.NIO.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel made) {
                        made.pipeline().addLast(tls.client().newHandler(made.alloc(), "localhost", hint));
                        made.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            public void channelActive(final ChannelHandlerContext context) {
                                context.writeAndFlush(context.alloc().buffer(1).writeByte(1), context.voidPromise());
                            }

                            @Override
                            protected void channelRead0(final ChannelHandlerContext context, final ByteBuf message) {
                                echoed.complete(true);
                            }

                            @Override
                            public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
                                echoed.completeExceptionally(cause);
                            }
                        });
                    }
                })
                .connect("localhost", ((InetSocketAddress) listener.localAddress()).getPort())
                .sync()
                .channel();
        echoed.get(DEADLINE_S, TimeUnit.SECONDS);
        final SSLSession session =
                channel.pipeline().get(SslHandler.class).engine().getSession();
        final String protocol = session.getProtocol();
        final String suite = session.getCipherSuite();
        channel.close().sync();
        count.onDial(protocol, suite);
    }

    @Override
    public void close() {
        clientGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        count.check(resumes);
    }
}
