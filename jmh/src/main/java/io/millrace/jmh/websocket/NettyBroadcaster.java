package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.NettyChoice;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Netty's channel group: a flush per message; or at its best, no promises, and a flush when the publisher pauses. */
final class NettyBroadcaster implements Broadcaster {
    private static final int MAX_LENGTH = 64 * 1024;

    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final EventLoopGroup group;
    private final boolean best;
    private final int port;

    NettyBroadcaster(final NettyChoice choice) throws InterruptedException {
        best = choice.best();
        group = new MultiThreadIoEventLoopGroup(choice.io().handlers());
        final Channel listener = new ServerBootstrap()
                .group(group)
                .channel(choice.io().serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_LENGTH))
                                .addLast(new WebSocketServerProtocolHandler("/", null, false, MAX_LENGTH))
                                .addLast(new Joining(channels));
                    }
                })
                .bind("localhost", 0)
                .sync()
                .channel();
        port = ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int subscribers() {
        return channels.size();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails is missed where it should have arrived.
    public void publish(final ByteBuffer text) {
        if (best) {
            channels.write(
                    new TextWebSocketFrame(
                            Unpooled.copiedBuffer(text.duplicate().clear())),
                    ChannelMatchers.all(),
                    true);
        } else {
            channels.writeAndFlush(new TextWebSocketFrame(Texts.of(text, 0, text.capacity())));
        }
    }

    @Override
    public void flush() {
        channels.flush();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static final class Joining extends ChannelInboundHandlerAdapter {
        private final ChannelGroup channels;

        Joining(final ChannelGroup channels) {
            this.channels = channels;
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                channels.add(context.channel());
            }
            context.fireUserEventTriggered(event);
        }
    }
}
