package io.millrace.tests.websocket;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** The JDK's client; it has neither compression nor a server. */
final class JdkPeer implements Peer {
    private static final long DEADLINE_S = 30;

    @Override
    public Serving serve(final SSLContext tls, final boolean deflate) {
        throw new UnsupportedOperationException();
    }

    private static final class Client implements Talking, WebSocket.Listener {
        private final BlockingQueue<Object> events;
        private final StringBuilder text = new StringBuilder();
        private ByteBuffer binary = ByteBuffer.allocate(0);
        private final WebSocket webSocket;

        Client(final URI uri, final SSLContext tls, final BlockingQueue<Object> events) throws Exception {
            this.events = events;
            final HttpClient.Builder builder = HttpClient.newBuilder();
            webSocket = (tls == null ? builder : builder.sslContext(tls))
                    .build()
                    .newWebSocketBuilder()
                    .buildAsync(uri, this)
                    .get(DEADLINE_S, TimeUnit.SECONDS);
        }

        @Override
        public void text(final String content, final boolean last) {
            webSocket.sendText(content, last).join();
        }

        @Override
        public void binary(final ByteBuffer content) {
            webSocket.sendBinary(content, true).join();
        }

        @Override
        public void ping(final ByteBuffer payload) {
            webSocket.sendPing(payload).join();
        }

        @Override
        public void end(final int code, final String reason) {
            webSocket.sendClose(code, reason).join();
        }

        @Override
        public void close() {
            webSocket.abort();
        }

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
            text.append(data);
            if (last) {
                events.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(final WebSocket from, final ByteBuffer data, final boolean last) {
            binary = ByteBuffer.allocate(binary.capacity() + data.remaining())
                    .put(0, binary, 0, binary.capacity())
                    .put(binary.capacity(), data, data.position(), data.remaining());
            if (last) {
                events.add(binary);
                binary = ByteBuffer.allocate(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(final WebSocket from, final ByteBuffer message) {
            events.add(new Pong(Steps.ascii(message)));
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket from, final int code, final String reason) {
            events.add(new Closed(code, reason));
            return null;
        }
    }

    @Override
    public Talking talk(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
            throws Exception {
        return new Client(uri, tls, events);
    }
}
