package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.MessageHandler;
import io.millrace.transport.TransportContext;
import io.millrace.transport.Waiting;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every scheme promises to a puller, whoever drives the connection, on real sockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PullContractTest {
    private static final SSLContext SSL_CONTEXT = sslContext();
    private static final int LENGTH = 100;
    private static final long POLL_NS = TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S);

    @TempDir
    private Path folder;

    private DrivenTransport driven;
    private final Recorder server = new Recorder();

    private static SSLContext sslContext() {
        try {
            return SelfSignedCertificate.sslContext();
        } catch (final Exception ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @AfterEach
    void close() {
        driven.close();
    }

    /** Messages of one sender, which carry their number; one puller at a time. */
    private static final class Numbered implements MessageHandler {
        private int next;

        @Override
        public void onMessage(final ByteBuffer buffer, final int offset, final int length) {
            assertEquals(LENGTH, length);
            assertEquals(next++, buffer.getInt(offset));
        }
    }

    private Connection connect(final Driving driving, final String scheme, final Waiting waiting) throws Exception {
        driven = new DrivenTransport(
                new TransportContext().driving(driving).tlsContext(new TlsContext().sslContext(SSL_CONTEXT)));
        final URI uri = Ways.anywhere(scheme, folder);
        final ConnectionContext settings = new ConnectionContext()
                .maxMessageLength(LENGTH)
                .outboundCapacity(8 * 1024)
                .pullCapacity(4 * 1024)
                .waiting(waiting);
        final Listener listener =
                driven.transport.listen(uri, new ListenerContext().connectionContext(settings), () -> server);
        return driven.transport
                .connect(listener.uri(), settings, new Recorder())
                .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    private static void send(final Connection connection, final int number) throws InterruptedException {
        final ByteBuffer message = ByteBuffer.allocate(LENGTH).putInt(0, number);
        assertTrue(connection.send(message, POLL_NS) > 0, "not sent: " + connection);
    }

    static Stream<Arguments> waysAndWaits() {
        return Ways.all()
                .flatMap(way -> Stream.of(Waiting.ADAPTIVE, Waiting.PARKING)
                        .map(wait -> Arguments.of(way.get()[0], way.get()[1], wait)));
    }

    @ParameterizedTest
    @MethodSource("waysAndWaits")
    void shouldPullEverythingInOrderThroughASmallRing(final Driving driving, final String scheme, final Waiting waiting)
            throws Exception {
        final Connection client = connect(driving, scheme, waiting);
        final Connection pulled = server.awaitOpen();
        final int count = 5_000;
        final Thread sender = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    send(client, i);
                }
                client.close();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        });
        sender.start();
        final Numbered handler = new Numbered();
        int polls = 0;
        for (int taken = 0; taken != Connection.CLOSED; polls++) {
            taken = pulled.poll(handler, 1 + polls % 50, POLL_NS);
            assertTrue(taken != 0, "nothing came in time");
        }
        assertEquals(count, handler.next);
        assertEquals(CloseReason.PEER_CLOSE, server.awaitClose().reason());
        assertEquals(0, server.messages.size());
        sender.join();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldPushBackWhileNobodyPullsAndLoseNothing(final Driving driving, final String scheme) throws Exception {
        final Connection client = connect(driving, scheme, Waiting.ADAPTIVE);
        final Connection pulled = server.awaitOpen();
        int sent = 0;
        long fullSinceNs = System.nanoTime();
        while (System.nanoTime() - fullSinceNs < TimeUnit.MILLISECONDS.toNanos(150)) {
            if (client.offer(ByteBuffer.allocate(LENGTH).putInt(0, sent)) > 0) {
                sent++;
                fullSinceNs = System.nanoTime();
            }
            assertTrue(sent < 1_000_000, "never full");
        }
        assertTrue(pulled.counters().messagesIn() <= 4 * 1024 / LENGTH, "the ring holds more than it can");
        client.close();
        final Numbered handler = new Numbered();
        while (pulled.poll(handler, 1_000, POLL_NS) > 0) {
            // until all is there
        }
        assertEquals(sent, handler.next);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldEndThePullersWaitWhateverEndsTheConnection(final Driving driving, final String scheme) throws Exception {
        final Connection client = connect(driving, scheme, Waiting.ADAPTIVE);
        final Connection pulled = server.awaitOpen();
        final Thread sender = new Thread(() -> {
            while (client.offer(ByteBuffer.allocate(LENGTH)) != Connection.CLOSED) {
                Thread.onSpinWait();
            }
        });
        sender.start();
        final AtomicInteger taken = new AtomicInteger();
        int polls = 0;
        while (pulled.poll((buffer, offset, length) -> taken.incrementAndGet(), 7, POLL_NS) != Connection.CLOSED) {
            if (++polls == 100) {
                pulled.close();
            }
        }
        final CloseReport report = server.awaitClose();
        assertEquals(CloseReason.LOCAL_CLOSE, report.reason(), report.detail());
        assertEquals(pulled.counters().messagesIn(), taken.get());
        sender.join();
    }

    @ParameterizedTest
    @EnabledForJreRange(minVersion = 21)
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldPullOnAVirtualThread(final Driving driving, final String scheme) throws Exception {
        final Connection client = connect(driving, scheme, Waiting.ADAPTIVE);
        final Connection pulled = server.awaitOpen();
        final CompletableFuture<Integer> count = new CompletableFuture<>();
        final Runnable puller = () -> {
            try {
                final Numbered handler = new Numbered();
                while (pulled.poll(handler, 10, POLL_NS) > 0) {
                    // until the end
                }
                count.complete(handler.next);
            } catch (final InterruptedException | RuntimeException | Error ex) {
                count.completeExceptionally(ex);
            }
        };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, puller);
        for (int i = 0; i < 5_000; i++) {
            send(client, i);
        }
        client.close();
        assertEquals(5_000, count.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
    }
}
