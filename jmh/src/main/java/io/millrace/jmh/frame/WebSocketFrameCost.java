package io.millrace.jmh.frame;

import io.millrace.transport.Protocol;
import io.millrace.transport.websocket.BareFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to generate a client's frames, masked with a key each, into one direct buffer, and to parse and unmask them at
 * a server, per message; texts are checked to be UTF-8. Netty's handlers do the same in embedded channels, whose pipelines are part of
 * their cost in a real one, too. The first byte and the length of each message are compared with what was sent.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
public class WebSocketFrameCost {
    private static final int MESSAGES = 256;
    private static final int MAX = 64 * 1024;
    private static final int ROOM_PER_FRAME = 16;

    /** Text or binary. */
    @Param({"text", "binary"})
    public String kind;

    /** Of a payload, in bytes. */
    @Param({"32", "64", "100", "1000", "16384"})
    public int length;

    private boolean text;
    private ByteBuffer payload;
    private ByteBuffer frames;
    private BareFrames millrace;
    private EmbeddedChannel encoder;
    private EmbeddedChannel decoder;
    private int received;
    private final Protocol.MessageSink sink = (buffer, offset, bytes) -> {
        receive(buffer.get(offset), bytes);
        return true;
    };

    private void receive(final byte first, final int bytes) {
        if (first != 'x' || bytes != length) {
            throw new IllegalStateException("not what was sent: first=" + first + " length=" + bytes);
        }
        received++;
    }

    /** Makes both. */
    @Setup
    public void make() {
        text = kind.equals("text");
        payload = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            payload.put(i, (byte) 'x');
        }
        frames = ByteBuffer.allocateDirect(MESSAGES * (length + ROOM_PER_FRAME));
        millrace = new BareFrames(text, MAX);
        encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
        decoder = new EmbeddedChannel(
                new WebSocket13FrameDecoder(true, false, MAX),
                new Utf8FrameValidator(),
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(final ChannelHandlerContext context, final Object message) {
                        final ByteBuf content = ((WebSocketFrame) message).content();
                        receive(content.getByte(content.readerIndex()), content.readableBytes());
                        content.release();
                    }
                });
    }

    /** Netty's. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void baselineNetty() {
        received = 0;
        for (int i = 0; i < MESSAGES; i++) {
            final ByteBuf content = encoder.alloc().directBuffer(length).writeBytes(payload.clear());
            encoder.writeOutbound(text ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content));
        }
        frames.clear();
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
            part.readBytes(frames.limit(frames.position() + part.readableBytes()));
            part.release();
            frames.limit(frames.capacity());
        }
        decoder.writeInbound(Unpooled.wrappedBuffer(frames.flip()));
        check();
    }

    /** Ours. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void millrace() {
        received = 0;
        int end = 0;
        for (int i = 0; i < MESSAGES; i++) {
            end += millrace.encode(payload, frames, end);
        }
        if (millrace.decode(frames, end, sink) != end) {
            throw new IllegalStateException("bytes left");
        }
        check();
    }

    private void check() {
        if (received != MESSAGES) {
            throw new IllegalStateException("messages are missing: received=" + received);
        }
    }

    /** Closes the embedded channels. */
    @TearDown
    public void close() {
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
    }
}
