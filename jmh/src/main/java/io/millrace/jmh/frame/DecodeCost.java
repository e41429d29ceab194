package io.millrace.jmh.frame;

import io.millrace.transport.Protocol;
import io.millrace.transport.frame.DelimiterProtocol;
import io.millrace.transport.frame.FixedLengthProtocol;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.frame.LineProtocol;
import io.millrace.transport.frame.VarintPrefixProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.protobuf.ProtobufVarint32FrameDecoder;
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
 * What it costs to cut a received chunk of 500 messages apart, per message. Both sides get the same bytes in one direct
 * buffer; the sink reads one byte of each message and adds its length up. Netty's decoders hand out retained slices of
 * the chunk, their default and their best; the next handler releases them. They run in an embedded channel, whose
 * pipeline is part of their cost in a real one too.
 *
 * <p>A first look, and no more (one fork of 3 iterations of 1 s, so the spread is wide; 2 shared cores, JDK 17, Netty
 * 4.2.18, {@code DecodeCost -p messageLength=100 -f 1 -wi 2 -w 1 -i 3 -r 1 -prof gc}): ns per message of 100 bytes, 99.9 % interval in brackets.
 *
 * <table>
 *   <caption>Ours allocates nothing, Netty's 40 bytes a message</caption>
 *   <tr><th>protocol</th><th>Millrace</th><th>Netty</th></tr>
 *   <tr><td>length of 4 bytes</td><td>6.1 (8.4)</td><td>50 (96)</td></tr>
 *   <tr><td>varint</td><td>4.3 (0.8)</td><td>52 (23)</td></tr>
 *   <tr><td>fixed</td><td>1.1 (0.3)</td><td>46 (111)</td></tr>
 *   <tr><td>line</td><td>25 (16)</td><td>69 (71)</td></tr>
 *   <tr><td>delimiter of 2 bytes</td><td>28 (47)</td><td>742 (2583)</td></tr>
 * </table>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DecodeCost {
    private static final int MESSAGES = 500;
    private static final int MAX = 32 * 1024;
    private static final byte[] DELIMITER = {'|', '#'};

    @Param({"length4", "varint", "fixed", "line", "delimiter"})
    private String protocol;

    @Param({"32", "100", "1000", "16384"})
    private int messageLength;

    private Protocol.Decoder decoder;
    private Protocol.MessageSink sink;
    private ByteBuffer chunk;
    private ByteBuf nettyChunk;
    private EmbeddedChannel channel;
    private long sum;

    /** Encodes a chunk and makes both decoders. */
    @Setup
    public void encode() {
        final Protocol chosen = millrace();
        final int frameLength = chosen.frameLength(messageLength);
        chunk = ByteBuffer.allocateDirect(MESSAGES * frameLength);
        for (int at = 0; at < chunk.capacity(); at += frameLength) {
            chosen.encodeHeader(chunk, at, messageLength);
            for (int i = 0; i < messageLength; i++) {
                chunk.put(at + chosen.headerLength(messageLength) + i, (byte) 'x');
            }
            chosen.encodeTrailer(chunk, at, messageLength);
        }
        decoder = chosen.newDecoder();
        sink = (buffer, offset, length) -> {
            sum += buffer.get(offset) + length;
            return true;
        };
        nettyChunk = Unpooled.wrappedBuffer(chunk);
        channel = new EmbeddedChannel(netty(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(final ChannelHandlerContext context, final Object message) {
                final ByteBuf frame = (ByteBuf) message;
                sum += frame.getByte(frame.readerIndex()) + frame.readableBytes();
                frame.release();
            }
        });
    }

    private Protocol millrace() {
        return switch (protocol) {
            case "length4" -> new LengthPrefixProtocol(MAX);
            case "varint" -> new VarintPrefixProtocol(MAX);
            case "fixed" -> new FixedLengthProtocol(messageLength);
            case "line" -> new LineProtocol(MAX, LineProtocol.Ending.LF);
            case "delimiter" -> new DelimiterProtocol(MAX, DELIMITER);
            default -> throw new IllegalArgumentException("no such protocol: protocol=" + protocol);
        };
    }

    private ByteToMessageDecoder netty() {
        return switch (protocol) {
            case "length4" -> new LengthFieldBasedFrameDecoder(MAX, 0, 4, 0, 4);
            case "varint" -> new ProtobufVarint32FrameDecoder();
            case "fixed" -> new FixedLengthFrameDecoder(messageLength);
            case "line" -> new LineBasedFrameDecoder(MAX);
            case "delimiter" -> new DelimiterBasedFrameDecoder(MAX, Unpooled.wrappedBuffer(DELIMITER));
            default -> throw new IllegalArgumentException("no such protocol: protocol=" + protocol);
        };
    }

    /**
     * Ours.
     *
     * @return what the sink saw.
     */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long millraceDecode() {
        if (decoder.decode(chunk, 0, chunk.capacity(), sink) != chunk.capacity()) {
            throw new IllegalStateException("bytes left");
        }
        return sum;
    }

    /**
     * Netty's.
     *
     * @return what the next handler saw.
     */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long baselineNetty() {
        channel.writeInbound(nettyChunk.retainedDuplicate());
        return sum;
    }

    /** Closes the embedded channel. */
    @TearDown
    public void close() {
        channel.finishAndReleaseAll();
        nettyChunk.release();
    }
}
