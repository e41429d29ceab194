package io.millrace.tests.endtoend;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Keeps all that a WebSocket's handler is told; echoes messages if it is to. */
class WebSocketRecorder implements WebSocketHandler {
    record End(int code, String reason, CloseReport report) {}

    final Queue<String> events = new ConcurrentLinkedQueue<>();
    final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    final CompletableFuture<End> closed = new CompletableFuture<>();
    final CompletableFuture<CloseReport> failed = new CompletableFuture<>();
    final CompletableFuture<Connection> failedOn = new CompletableFuture<>();
    private final boolean echoes;

    WebSocketRecorder(final boolean echoes) {
        this.echoes = echoes;
    }

    @Override
    public void onOpen(final WebSocket webSocket) {
        opened.complete(webSocket);
    }

    @Override
    public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
        events.add("text " + WebSocketHandler.text(utf8, offset, length));
        if (echoes) {
            webSocket.offerText(utf8, offset, length);
        }
    }

    @Override
    public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
        events.add("binary " + length);
        if (echoes) {
            webSocket.offerBinary(buffer, offset, length);
        }
    }

    @Override
    public void onPiece(
            final WebSocket webSocket,
            final boolean text,
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final boolean last) {
        final byte[] piece = new byte[length];
        buffer.get(offset, piece);
        pieces.write(piece, 0, length);
        events.add((last ? "last " : "piece ") + (text ? "text " : "binary ") + length);
    }

    @Override
    public void onPing(final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {
        events.add("ping " + WebSocketHandler.text(payload, offset, length));
    }

    @Override
    public void onPong(final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {
        events.add("pong " + WebSocketHandler.text(payload, offset, length));
    }

    @Override
    public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
        closed.complete(new End(code, reason, report));
    }

    @Override
    public void onFailed(final Connection connection, final CloseReport report) {
        failed.complete(report);
        failedOn.complete(connection);
    }

    WebSocket awaitOpen() throws Exception {
        return opened.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    End awaitEnd() throws Exception {
        return closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    void awaitEvent(final String event) {
        Await.until(() -> events.contains(event), "no " + event + " among " + events.size());
    }
}
