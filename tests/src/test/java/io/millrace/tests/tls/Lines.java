package io.millrace.tests.tls;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.TlsInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Echoes lines, or keeps them; keeps the end. */
final class Lines implements ConnectionHandler {
    private static final long DEADLINE_S = 30;

    final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final CompletableFuture<Connection> opened = new CompletableFuture<>();
    final CompletableFuture<CloseReport> end = new CompletableFuture<>();
    private final boolean echo;

    Lines(final boolean echo) {
        this.echo = echo;
    }

    @Override
    public void onOpen(final Connection connection) {
        opened.complete(connection);
    }

    @Override
    public void onMessage(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
        final byte[] line = new byte[length];
        buffer.get(offset, line);
        lines.add(new String(line, StandardCharsets.US_ASCII));
        if (echo) {
            connection.offer(ByteBuffer.wrap(("echo " + lines.peek()).getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Override
    public void onClose(final Connection connection, final CloseReport report) {
        end.complete(report);
    }

    TlsInfo tls() throws Exception {
        return opened.get(DEADLINE_S, TimeUnit.SECONDS).tls().orElseThrow();
    }

    CloseReport report() throws Exception {
        return end.get(DEADLINE_S, TimeUnit.SECONDS);
    }
}
