package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.SocketContext;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketBroadcast;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One publisher, many WebSockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketBroadcastTest {
    /** So many that the publisher does not wake them itself. */
    private static final int SUBSCRIBERS = 20;

    private static final int MESSAGES = 3_000;
    private static final int FLOOD = 30_000;

    static Stream<Arguments> ways() {
        return Ways.all("ws", "wss");
    }

    /** Counts messages that are numbered. */
    private static final class Counting implements WebSocketHandler {
        final AtomicInteger received = new AtomicInteger();
        final AtomicInteger wrong = new AtomicInteger();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
        private int last = -1;

        @Override
        public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
            final int number = buffer.getInt(offset);
            if (number <= last || length != 4 + number % 200) {
                wrong.incrementAndGet();
            }
            last = number;
            received.incrementAndGet();
        }

        @Override
        public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
            closed.complete(report);
        }
    }

    /** Subscribes whoever comes. */
    private record Subscribing(WebSocketBroadcast broadcast, List<CloseReport> ends) implements WebSocketHandler {
        @Override
        public void onOpen(final WebSocket webSocket) {
            broadcast.subscribe(webSocket);
            broadcast.subscribe(webSocket);
        }

        @Override
        public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
            ends.add(report);
        }
    }

    private static DrivenTransport transport(final Driving driving, final ConnectionContext settings) throws Exception {
        return new DrivenTransport(new TransportContext()
                .driving(driving)
                .connectionContext(settings)
                .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())));
    }

    private static URI listen(
            final DrivenTransport driven,
            final String scheme,
            final WebSocketBroadcast broadcast,
            final List<CloseReport> ends) {
        final int port = driven.transport
                .listen(
                        URI.create(scheme + "://localhost:0"),
                        new WebSocketContext(),
                        () -> new Subscribing(broadcast, ends))
                .address()
                .getPort();
        return URI.create(scheme + "://localhost:" + port);
    }

    private static ByteBuffer message(final int number) {
        return ByteBuffer.allocate(4 + number % 200).putInt(0, number);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldBringEveryMessageToEverySubscriberInOrder(final Driving driving, final String scheme) throws Exception {
        try (WebSocketBroadcast broadcast = new WebSocketBroadcast(4 * 1024 * 1024, 256);
                DrivenTransport driven = transport(driving, new ConnectionContext())) {
            final List<Counting> subscribers = new ArrayList<>();
            final URI uri = listen(driven, scheme, broadcast, new ArrayList<>());
            WebSocket client = null;
            for (int i = 0; i < SUBSCRIBERS; i++) {
                subscribers.add(new Counting());
                client = driven.transport
                        .connect(uri, new WebSocketContext(), subscribers.get(i))
                        .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            }
            final WebSocket masking = client;
            assertThrows(IllegalArgumentException.class, () -> broadcast.subscribe(masking));
            Await.until(() -> broadcast.subscribers() == SUBSCRIBERS, "not all subscribed");
            for (int i = 0; i < MESSAGES; i++) {
                assertTrue(broadcast.offerBinary(message(i), 0, 4 + i % 200) > 0);
            }
            assertEquals(Connection.MESSAGE_TOO_LONG, broadcast.offerBinary(ByteBuffer.allocate(257), 0, 257));
            for (final Counting subscriber : subscribers) {
                Await.until(() -> subscriber.received.get() == MESSAGES, "received=" + subscriber.received);
                assertEquals(0, subscriber.wrong.get());
            }
            assertEquals(0, broadcast.missed());
            masking.close();
            Await.until(() -> broadcast.subscribers() == SUBSCRIBERS - 1, "still subscribed");
        }
    }

    /** Publishes more than the sockets and rings between hold: some 3 MB. */
    private static void flood(final WebSocketBroadcast broadcast, final Counting fast) {
        for (int i = 0; i < FLOOD; i++) {
            final int ahead = i - 500;
            assertTrue(broadcast.offerBinary(message(i), 0, 4 + i % 200) > 0);
            Await.until(() -> fast.received.get() >= ahead, "the fast one is slow");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldOvertakeTheSlowAndSpareTheOthers(final Driving driving, final String scheme) throws Exception {
        for (final SlowConsumerPolicy policy : SlowConsumerPolicy.values()) {
            final ConnectionContext settings = new ConnectionContext()
                    .maxMessageLength(1024)
                    .outboundCapacity(64 * 1024)
                    .socketContext(
                            new SocketContext().sendBufferLength(64 * 1024).receiveBufferLength(64 * 1024))
                    .slowConsumerPolicy(policy)
                    .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(300));
            final List<CloseReport> ends = java.util.Collections.synchronizedList(new ArrayList<>());
            try (WebSocketBroadcast broadcast = new WebSocketBroadcast(256 * 1024, 256);
                    DrivenTransport driven = transport(driving, settings)) {
                final URI uri = listen(driven, scheme, broadcast, ends);
                final Counting fast = new Counting();
                final Counting slow = new Counting();
                driven.transport.connect(uri, new WebSocketContext(), fast).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
                final WebSocket paused = driven.transport
                        .connect(uri, new WebSocketContext(), slow)
                        .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
                paused.connection().pauseReading();
                Await.until(() -> broadcast.subscribers() == 2, "not all subscribed");
                flood(broadcast, fast);
                if (policy == SlowConsumerPolicy.DISCONNECT) {
                    Await.until(() -> ends.size() == 1, "still connected");
                    assertEquals(
                            CloseReason.SLOW_CONSUMER,
                            ends.get(0).reason(),
                            ends.get(0).detail());
                    assertTrue(
                            ends.get(0).detail().contains("overtaken by a broadcast"),
                            ends.get(0).detail());
                } else {
                    final int before = slow.received.get();
                    paused.connection().resumeReading();
                    Await.until(() -> slow.received.get() > before, "nothing comes any more");
                    Await.until(() -> broadcast.missed() > 0, "nothing was missed");
                    Await.until(() -> slow.received.get() + broadcast.missed() == FLOOD, "neither received nor missed");
                }
                assertEquals(0, fast.wrong.get());
                assertEquals(0, slow.wrong.get());
            }
        }
    }
}
