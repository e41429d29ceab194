package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Security;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;

/**
 * Jetty at its best: its core's frames, binary, with larger buffers. Its flusher puts into one write what has been queued
 * meanwhile. Batching by {@code sendFrame(..., true)} is not used: in 12.1.14 frames behind the first full buffer stayed where
 * they were, however often {@code flush} was called.
 */
final class JettyCoreLink implements Link {
    private static final long DEADLINE_S = 20;
    private static final int BUFFER_LENGTH = 64 * 1024;

    private final JettyEnds ends;
    private final WebSocketCoreClient client;
    private final CoreSession session;
    private final Window window = new Window();

    JettyCoreLink(final Security security, final Receiver atServer, final Receiver atClient) throws Exception {
        ends = new JettyEnds(security);
        final Receiver counting = window.counting(atServer);
        final WebSocketUpgradeHandler upgrade = new WebSocketUpgradeHandler();
        upgrade.addMapping("/", (request, response, callback) -> new Frames(counting));
        ends.serve(upgrade);
        client = new WebSocketCoreClient(ends.httpClient(), null);
        client.start();
        session = client.connect(new Frames(atClient), URI.create(ends.uri())).get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private static Sender sender(final CoreSession session) {
        return (source, offset, length) -> {
            final ByteBuffer payload = ByteBuffer.wrap(Texts.bytes(source, offset, length));
            session.sendFrame(new Frame(OpCode.BINARY, payload), Callback.NOOP, false);
            return true;
        };
    }

    @Override
    public Sender sender() {
        return window.sending(sender(session));
    }

    @Override
    public void close() throws IOException {
        session.abort();
        ends.close(client);
    }

    private static final class Frames implements FrameHandler {
        private final Receiver receiver;
        private CoreSession session;
        private Sender reply;

        Frames(final Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void onOpen(final CoreSession opened, final Callback callback) {
            session = opened;
            opened.setAutoFragment(false);
            opened.setInputBufferSize(BUFFER_LENGTH);
            opened.setOutputBufferSize(BUFFER_LENGTH);
            reply = sender(opened);
            callback.succeeded();
            opened.demand();
        }

        @Override
        public void onFrame(final Frame frame, final Callback callback) {
            if (frame.getOpCode() == OpCode.BINARY) {
                Texts.receive(receiver, frame.getPayload(), reply);
            }
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onError(final Throwable cause, final Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(final CloseStatus status, final Callback callback) {
            callback.succeeded();
        }
    }
}
