package io.millrace.tests.endtoend;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps all that a handler is told, and can answer each message. */
final class Recorder implements ConnectionHandler {
    static final long DEADLINE_S = 30;

    interface Reaction {
        void onMessage(Connection connection, byte[] message);
    }

    final Queue<byte[]> messages = new ConcurrentLinkedQueue<>();
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
    private final Reaction reaction;

    Recorder() {
        this((connection, message) -> {});
    }

    Recorder(final Reaction reaction) {
        this.reaction = reaction;
    }

    @Override
    public void onOpen(final Connection connection) {
        opens.incrementAndGet();
        opened.complete(connection);
    }

    @Override
    public void onMessage(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
        final byte[] message = new byte[length];
        buffer.get(offset, message);
        messages.add(message);
        reaction.onMessage(connection, message);
    }

    @Override
    public void onClose(final Connection connection, final CloseReport report) {
        closes.incrementAndGet();
        closed.complete(report);
    }

    Connection awaitOpen() throws Exception {
        return opened.get(DEADLINE_S, TimeUnit.SECONDS);
    }

    CloseReport awaitClose() throws Exception {
        return closed.get(DEADLINE_S, TimeUnit.SECONDS);
    }
}
