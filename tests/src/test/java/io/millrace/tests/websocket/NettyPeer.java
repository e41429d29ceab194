package io.millrace.tests.websocket;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketClientCompressionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Netty. */
@SuppressWarnings("FutureReturnValueIgnored") // What is not written is missed at the other end.
final class NettyPeer implements Peer {
    private static final int LONGEST = 4 * Steps.LONG;
    private static final long DEADLINE_S = 30;

    private static void secure(final SocketChannel channel, final SSLContext tls, final boolean client) {
        if (tls != null) {
            final SSLEngine engine = tls.createSSLEngine("localhost", 0);
            engine.setUseClientMode(client);
            channel.pipeline().addLast(new SslHandler(engine));
        }
    }

    private static ByteBuffer copy(final WebSocketFrame frame) {
        final ByteBuffer copy = ByteBuffer.allocate(frame.content().readableBytes());
        frame.content().getBytes(frame.content().readerIndex(), copy);
        return copy.flip();
    }

    /**
     * Closes first what the group would close as it ends. The loop looks whether it is to end and closes its channels, then
     * looks again and goes: told between the two and given no quiet period, it goes and leaves them open.
     */
    private static void shutDown(final EventLoopGroup group, final Future<?> closed) {
        closed.syncUninterruptibly();
        group.shutdownGracefully(0, DEADLINE_S, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Server implements Serving {
        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final ChannelGroup channels = new DefaultChannelGroup(group.next(), true);
        private final int port;

        Server(final SSLContext tls, final boolean deflate) throws InterruptedException {
            final Channel channel = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(final SocketChannel child) {
                            channels.add(child);
                            secure(child, tls, false);
                            serve(child, deflate);
                        }
                    })
                    .bind("localhost", 0)
                    .sync()
                    .channel();
            channels.add(channel);
            port = ((InetSocketAddress) channel.localAddress()).getPort();
        }

        private static void serve(final SocketChannel channel, final boolean deflate) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536));
            if (deflate) {
                channel.pipeline().addLast(new WebSocketServerCompressionHandler(LONGEST));
            }
            channel.pipeline()
                    .addLast(
                            new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                    .websocketPath("/")
                                    .allowExtensions(deflate)
                                    .maxFramePayloadLength(LONGEST)
                                    .build()),
                            new WebSocketFrameAggregator(LONGEST),
                            new Echoing());
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            shutDown(group, channels.close());
        }
    }

    private static final class Echoing extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(final ChannelHandlerContext context, final WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text && text.text().equals(Steps.CLOSE_PLEASE)) {
                context.writeAndFlush(new CloseWebSocketFrame(3000, "enough"));
            } else {
                context.writeAndFlush(frame.retain());
            }
        }
    }

    @Override
    public Serving serve(final SSLContext tls, final boolean deflate) throws InterruptedException {
        return new Server(tls, deflate);
    }

    private static final class Client extends SimpleChannelInboundHandler<WebSocketFrame> implements Talking {
        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final CompletableFuture<Void> opened = new CompletableFuture<>();
        private final BlockingQueue<Object> events;
        private final Channel channel;
        private boolean inMessage;

        Client(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
                throws Exception {
            this.events = events;
            channel = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(final SocketChannel child) {
                            secure(child, tls, true);
                            talk(child, uri, deflate);
                        }
                    })
                    .connect(uri.getHost(), uri.getPort())
                    .sync()
                    .channel();
            opened.get(DEADLINE_S, TimeUnit.SECONDS);
        }

        private void talk(final SocketChannel child, final URI uri, final boolean deflate) {
            child.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(65_536));
            if (deflate) {
                child.pipeline().addLast(new WebSocketClientCompressionHandler(LONGEST));
            }
            child.pipeline()
                    .addLast(
                            new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                                    .webSocketUri(uri)
                                    .allowExtensions(deflate)
                                    .handleCloseFrames(false)
                                    .dropPongFrames(false)
                                    .maxFramePayloadLength(LONGEST)
                                    .build()),
                            new WebSocketFrameAggregator(LONGEST),
                            this);
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
            if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                opened.complete(null);
            }
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext context, final WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                events.add(text.text());
            } else if (frame instanceof BinaryWebSocketFrame) {
                events.add(copy(frame));
            } else if (frame instanceof PongWebSocketFrame) {
                events.add(new Pong(Steps.ascii(copy(frame))));
            } else if (frame instanceof CloseWebSocketFrame close) {
                events.add(new Closed(close.statusCode(), close.reasonText()));
                context.writeAndFlush(close.retain());
            }
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            events.add(cause);
        }

        @Override
        public void text(final String text, final boolean last) {
            channel.writeAndFlush(
                    inMessage ? new ContinuationWebSocketFrame(last, 0, text) : new TextWebSocketFrame(last, 0, text));
            inMessage = !last;
        }

        @Override
        public void binary(final ByteBuffer content) {
            channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(content)));
        }

        @Override
        public void ping(final ByteBuffer payload) {
            channel.writeAndFlush(
                    new PingWebSocketFrame(Unpooled.copiedBuffer(Steps.ascii(payload), StandardCharsets.US_ASCII)));
        }

        @Override
        public void end(final int code, final String reason) {
            channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
        }

        @Override
        public void close() {
            shutDown(group, channel.close());
        }
    }

    @Override
    public Talking talk(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
            throws Exception {
        return new Client(uri, tls, deflate, events);
    }
}
