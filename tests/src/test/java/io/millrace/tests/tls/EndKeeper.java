package io.millrace.tests.tls;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Keeps what it is told of its connection's end. */
record EndKeeper(CompletableFuture<CloseReport> end) implements ConnectionHandler {
    @Override
    public void onMessage(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

    @Override
    public void onClose(final Connection connection, final CloseReport report) {
        end.complete(report);
    }
}
