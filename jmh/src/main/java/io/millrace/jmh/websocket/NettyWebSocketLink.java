package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.NettyChoice;
import io.millrace.jmh.connection.NettyTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Netty with its WebSocket handlers, an event loop group for either end, and one {@code writeAndFlush} a message from the thread
 * that has it: strings and all defaults as in its examples; or binary frames, flushes consolidated, no promises, and high water
 * marks.
 */
final class NettyWebSocketLink implements Link {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int FLUSHES = 256;
    private static final long DEADLINE_S = 20;

    private final boolean best;
    private final EventLoopGroup serverGroup;
    private final EventLoopGroup clientGroup;
    private final Channel client;

    NettyWebSocketLink(final NettyChoice choice, final Receiver atServer, final Receiver atClient) throws Exception {
        best = choice.best();
        final Optional<NettyTls.Pair> contexts = choice.tls().contexts();
        serverGroup = new MultiThreadIoEventLoopGroup(choice.io().handlers());
        clientGroup = new MultiThreadIoEventLoopGroup(choice.io().handlers());
        final Channel listener = new ServerBootstrap()
                .group(serverGroup)
                .channel(choice.io().serverChannel())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .childHandler(initializer(channel -> {
                    contexts.map(NettyTls.Pair::server)
                            .ifPresent(tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
                    addServer(channel.pipeline(), atServer);
                }))
                .bind("localhost", 0)
                .sync()
                .channel();
        final int port = ((InetSocketAddress) listener.localAddress()).getPort();
        final URI uri = URI.create((contexts.isPresent() ? "wss" : "ws") + "://localhost:" + port + "/");
        final CompletableFuture<Void> open = new CompletableFuture<>();
        client = new Bootstrap()
                .group(clientGroup)
                .channel(choice.io().channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .handler(initializer(channel -> {
                    contexts.map(NettyTls.Pair::client)
                            .ifPresent(tls -> channel.pipeline().addLast(clientTls(tls, channel, port)));
                    addClient(channel.pipeline(), uri, open, atClient);
                }))
                .connect("localhost", port)
                .sync()
                .channel();
        open.get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private static ChannelHandler clientTls(final SslContext tls, final SocketChannel channel, final int port) {
        return tls.newHandler(channel.alloc(), "localhost", port);
    }

    /** What is done with a new channel. */
    @FunctionalInterface
    private interface Setup {
        void accept(SocketChannel channel);
    }

    private static ChannelInitializer<SocketChannel> initializer(final Setup setup) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(final SocketChannel channel) {
                setup.accept(channel);
            }
        };
    }

    private WriteBufferWaterMark waterMark() {
        return best ? new WriteBufferWaterMark(512 * 1024, 1024 * 1024) : WriteBufferWaterMark.DEFAULT;
    }

    private void addServer(final ChannelPipeline pipeline, final Receiver receiver) {
        consolidate(pipeline);
        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_LENGTH));
        pipeline.addLast(new WebSocketServerProtocolHandler("/", null, false, MAX_LENGTH));
        pipeline.addLast(new Frames(receiver, sender(pipeline.channel()), new CompletableFuture<>()));
    }

    private void addClient(
            final ChannelPipeline pipeline,
            final URI uri,
            final CompletableFuture<Void> open,
            final Receiver receiver) {
        consolidate(pipeline);
        pipeline.addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_LENGTH));
        pipeline.addLast(new WebSocketClientProtocolHandler(WebSocketClientHandshakerFactory.newHandshaker(
                uri, WebSocketVersion.V13, null, false, new DefaultHttpHeaders(), MAX_LENGTH)));
        pipeline.addLast(new Frames(receiver, sender(pipeline.channel()), open));
    }

    private void consolidate(final ChannelPipeline pipeline) {
        if (best) {
            pipeline.addLast(new FlushConsolidationHandler(FLUSHES, true));
        }
    }

    @Override
    public Sender sender() {
        return sender(client);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails is missed where it should have arrived.
    private Sender sender(final Channel channel) {
        return (source, offset, length) -> {
            if (!channel.isWritable()) {
                if (!channel.isActive()) {
                    throw new IOException("the channel is closed: " + channel);
                }
                return false;
            }
            if (best) {
                channel.writeAndFlush(
                        new BinaryWebSocketFrame(copy(channel, source, offset, length)), channel.voidPromise());
            } else {
                channel.writeAndFlush(new TextWebSocketFrame(Texts.of(source, offset, length)));
            }
            return true;
        };
    }

    private static ByteBuf copy(final Channel channel, final ByteBuffer source, final int offset, final int length) {
        return channel.alloc()
                .ioBuffer(length)
                .writeBytes(source.duplicate().limit(offset + length).position(offset));
    }

    @Override
    public void close() {
        client.close().awaitUninterruptibly();
        clientGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static final class Frames extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Receiver receiver;
        private final Sender reply;
        private final CompletableFuture<Void> open;

        Frames(final Receiver receiver, final Sender reply, final CompletableFuture<Void> open) {
            this.receiver = receiver;
            this.reply = reply;
            this.open = open;
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
            if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                open.complete(null);
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext context, final WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                Texts.receive(receiver, text.text(), reply);
            } else if (frame instanceof BinaryWebSocketFrame) {
                final ByteBuf content = frame.content();
                Texts.receive(
                        receiver, content.internalNioBuffer(content.readerIndex(), content.readableBytes()), reply);
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the end of what has failed.
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            open.completeExceptionally(cause);
            context.close();
        }
    }
}
