package io.millrace.transport.websocket;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.IdleKind;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A WebSocket as a connection of messages, whatever their kind. */
final class MessagesOnly implements WebSocketHandler {
    private final ConnectionHandler handler;

    MessagesOnly(final ConnectionHandler handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    @Override
    public void onOpen(final WebSocket webSocket) {
        handler.onOpen(webSocket.connection());
    }

    @Override
    public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
        handler.onMessage(webSocket.connection(), utf8, offset, length);
    }

    @Override
    public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
        handler.onMessage(webSocket.connection(), buffer, offset, length);
    }

    @Override
    public void onWritable(final WebSocket webSocket) {
        handler.onWritable(webSocket.connection());
    }

    @Override
    public void onSlowConsumer(final WebSocket webSocket) {
        handler.onSlowConsumer(webSocket.connection());
    }

    @Override
    public void onIdle(final WebSocket webSocket, final IdleKind kind) {
        handler.onIdle(webSocket.connection(), kind);
    }

    @Override
    public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
        handler.onClose(webSocket.connection(), report);
    }

    @Override
    public void onFailed(final Connection connection, final CloseReport report) {
        handler.onClose(connection, report);
    }
}
