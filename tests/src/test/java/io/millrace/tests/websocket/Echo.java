package io.millrace.tests.websocket;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Sends back what comes; keeps how it ended. */
final class Echo implements WebSocketHandler {
    private static final int LONGEST = 32 * 1024 * 1024;

    /** How the peer closed, and why this side ended. */
    record End(int code, String reason, CloseReport report) {}

    Runnable onMessage = () -> {};
    final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    final CompletableFuture<End> ended = new CompletableFuture<>();

    /** Room for the longest message that the peers' tests send, and for its echo. */
    static ConnectionContext roomy() {
        return new ConnectionContext().maxMessageLength(LONGEST).outboundCapacity(2 * LONGEST);
    }

    private static void requireSent(final long position) {
        if (position < 0) {
            throw new IllegalStateException("echo not taken: " + position);
        }
    }

    @Override
    public void onOpen(final WebSocket webSocket) {
        opened.complete(webSocket);
    }

    @Override
    public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
        if (length == Steps.CLOSE_PLEASE.length()
                && WebSocketHandler.text(utf8, offset, length).equals(Steps.CLOSE_PLEASE)) {
            webSocket.close(3000, "enough");
        } else {
            requireSent(webSocket.offerText(utf8, offset, length));
        }
    }

    @Override
    public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
        onMessage.run();
        requireSent(webSocket.offerBinary(buffer, offset, length));
    }

    @Override
    public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
        ended.complete(new End(code, reason, report));
    }

    @Override
    public void onFailed(final Connection connection, final CloseReport report) {
        ended.complete(new End(0, "", report));
    }
}
