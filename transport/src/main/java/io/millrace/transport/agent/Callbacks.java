package io.millrace.transport.agent;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.IdleKind;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Calls the handler, and tells its exceptions from our own: all of them, for other languages than Java throw checked ones
 * from anywhere. The connection's thread.
 */
final class Callbacks {
    /** Whatever the handler threw, as the cause. */
    static final class HandlerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HandlerException(final Throwable cause) {
            super(null, cause, false, false);
        }
    }

    private final ConnectionHandler handler;
    private final Connection connection;

    Callbacks(final ConnectionHandler handler, final Connection connection) {
        this.handler = handler;
        this.connection = connection;
    }

    void message(final ByteBuffer buffer, final int offset, final int length) {
        try {
            handler.onMessage(connection, buffer, offset, length);
        } catch (final Throwable ex) {
            throw new HandlerException(ex);
        }
    }

    /** Something of a conversation's that is no message. */
    void event(final Runnable callback) {
        try {
            callback.run();
        } catch (final Throwable ex) {
            throw new HandlerException(ex);
        }
    }

    void open() {
        call(handler::onOpen);
    }

    void writable() {
        call(handler::onWritable);
    }

    void slowConsumer() {
        call(handler::onSlowConsumer);
    }

    void peerEnd() {
        call(handler::onPeerEnd);
    }

    void idle(final IdleKind kind) {
        call(c -> handler.onIdle(c, kind));
    }

    void close(final CloseReport report) {
        call(c -> handler.onClose(c, report));
    }

    private void call(final Consumer<Connection> callback) {
        try {
            callback.accept(connection);
        } catch (final Throwable ex) {
            throw new HandlerException(ex);
        }
    }
}
