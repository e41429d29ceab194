package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Payload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;

/**
 * Any number of WebSocket clients on one thread and one selector, the same for every server, and as little as can be: they
 * read short frames and check their payloads.
 */
final class Subscribers implements AutoCloseable {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long JOIN_MS = 10_000;
    private static final String REQUEST = String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "",
            "");

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Thread publisher = Thread.currentThread();
    private final Thread reader = new Thread(this::readAll, "subscribers");
    private volatile boolean running = true;
    private volatile Exception failure;
    private volatile long received;

    /** Connects and reads on; made by the thread that is going to wait. */
    Subscribers(final int count, final int port, final int length) throws IOException {
        for (int i = 0; i < count; i++) {
            final SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
            channels.add(channel);
            open(channel);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Subscriber(length));
        }
        reader.setDaemon(true);
        reader.start();
    }

    private static void open(final SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
        final ByteBuffer one = ByteBuffer.allocate(1);
        final StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("the server hung up: answer=" + answer);
            }
            answer.append((char) one.get(0));
        }
        if (!answer.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no WebSocket: answer=" + answer);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private void readAll() {
        try {
            while (running) {
                selector.select(key -> {
                    try {
                        received += ((Subscriber) key.attachment()).read((SocketChannel) key.channel());
                    } catch (final IOException | RuntimeException ex) {
                        key.cancel();
                        failure = ex;
                    }
                });
                LockSupport.unpark(publisher);
            }
        } catch (final IOException ex) {
            failure = ex;
        }
    }

    /** Waits until all together have received that many since the beginning. */
    void await(final long total) {
        final long startNs = System.nanoTime();
        while (received < total) {
            if (failure != null) {
                throw new IllegalStateException("the run failed", failure);
            }
            if (System.nanoTime() - startNs > DEADLINE_NS) {
                throw new IllegalStateException("messages are missing: arrived=" + received + " expected=" + total);
            }
            LockSupport.parkNanos(this, GLANCE_NS);
        }
        if (received > total) {
            throw new IllegalStateException("too many: arrived=" + received + " expected=" + total);
        }
    }

    @Override
    public void close() throws IOException {
        running = false;
        selector.wakeup();
        try {
            reader.join(JOIN_MS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        selector.close();
        CloseHelper.closeAll(channels);
    }

    /** One client. */
    private static final class Subscriber {
        private static final int ROOM = 8 * 1024;
        private static final int LENGTH_16 = 126;
        private static final int SHORT_HEADER = 2;
        private static final int LONG_HEADER = 4;

        private final Payload.Check check;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM);

        Subscriber(final int length) {
            check = new Payload.Check(1, length);
        }

        /** Reads once; returns the messages that have come. */
        int read(final SocketChannel channel) throws IOException {
            if (channel.read(buffer) < 0) {
                throw new IOException("the server hung up");
            }
            int messages = 0;
            int at = 0;
            int next = end(at);
            while (next > 0) {
                final int header = buffer.get(at + 1) == LENGTH_16 ? LONG_HEADER : SHORT_HEADER;
                check.onMessage(buffer, at + header, next - at - header);
                messages++;
                at = next;
                next = end(at);
            }
            buffer.limit(buffer.position()).position(at);
            buffer.compact();
            return messages;
        }

        /** Where the frame ends; 0 if that has not come. */
        private int end(final int at) {
            final int limit = buffer.position();
            if (limit - at < LONG_HEADER) {
                return 0;
            }
            final int shortLength = buffer.get(at + 1);
            final int end = shortLength == LENGTH_16
                    ? at + LONG_HEADER + (buffer.getShort(at + SHORT_HEADER) & 0xFFFF)
                    : at + SHORT_HEADER + shortLength;
            return end <= limit ? end : 0;
        }
    }
}
