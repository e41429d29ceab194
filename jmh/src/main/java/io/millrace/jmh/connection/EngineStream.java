package io.millrace.jmh.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * The shortest way through an engine: a record for each write, on heap arrays, which the JDK's is fastest on. No half of it
 * is fit for more than measuring: it knows one orderly conversation.
 */
final class EngineStream implements SocketStream {
    private static final int NETWORK_LENGTH = 128 * 1024;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer received = ByteBuffer.allocate(NETWORK_LENGTH).limit(0);
    private final ByteBuffer outgoing = ByteBuffer.allocate(NETWORK_LENGTH);

    private EngineStream(final SocketChannel channel, final SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
    }

    /** Shakes hands with the stream at the other end, whose bytes need not go through the kernel for that. */
    static void join(final EngineStream one, final EngineStream other) throws IOException {
        final ByteBuffer toOther = ByteBuffer.allocate(NETWORK_LENGTH).limit(0);
        final ByteBuffer toOne = ByteBuffer.allocate(NETWORK_LENGTH).limit(0);
        one.engine.beginHandshake();
        other.engine.beginHandshake();
        boolean moved = true;
        while (moved) {
            moved = one.turn(toOne, toOther);
            moved |= other.turn(toOther, toOne);
        }
    }

    private boolean turn(final ByteBuffer in, final ByteBuffer out) throws IOException {
        boolean moved = false;
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
            status = engine.getHandshakeStatus();
            moved = true;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            out.compact();
            moved |= engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
            out.flip();
        } else if (in.hasRemaining()) {
            moved |= engine.unwrap(in, ByteBuffer.allocate(NETWORK_LENGTH)).bytesConsumed() > 0;
        }
        return moved;
    }

    static EngineStream of(final SocketChannel channel, final SSLEngine engine) {
        return new EngineStream(channel, engine);
    }

    @Override
    public ByteBuffer allocate(final int capacity) {
        return ByteBuffer.allocate(capacity);
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        final int start = target.position();
        unwrap(target);
        if (target.position() > start) {
            return target.position() - start;
        }
        final int bytes = channel.read(received.compact());
        received.flip();
        unwrap(target);
        return target.position() == start && bytes < 0 ? -1 : target.position() - start;
    }

    private void unwrap(final ByteBuffer target) throws IOException {
        SSLEngineResult.Status status = SSLEngineResult.Status.OK;
        while (status == SSLEngineResult.Status.OK && received.hasRemaining()) {
            status = engine.unwrap(received, target).getStatus();
        }
    }

    @Override
    public void write(final ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            engine.wrap(source, outgoing.clear());
            outgoing.flip();
            while (outgoing.hasRemaining()) {
                channel.write(outgoing);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
