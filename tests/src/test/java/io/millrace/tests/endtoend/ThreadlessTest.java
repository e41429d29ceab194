package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.agent.Logs;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that are silent for so long that they have no thread. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadlessTest {
    /** A thread, and its name then: it may serve another later. */
    private record Call(Thread thread, String name) {
        static Call now() {
            return new Call(Thread.currentThread(), Thread.currentThread().getName());
        }
    }

    /** Which threads it was called on. */
    private static final class End implements ConnectionHandler {
        final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
        private final boolean echoes;

        End(final boolean echoes) {
            this.echoes = echoes;
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            calls.add(Call.now());
            if (echoes) {
                connection.offer(buffer, offset, length);
            }
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            calls.add(Call.now());
            closed.complete(report);
        }

        Call await() throws InterruptedException {
            return calls.poll(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    private record Pair(Connection connection, End client, End server) {
        static Pair of(final Transport clients, final Transport servers, final String scheme) throws Exception {
            final End server = new End(true);
            final int port = servers.listen(URI.create(scheme + "://localhost:0"), () -> server)
                    .address()
                    .getPort();
            final End client = new End(false);
            final Connection connection = clients.connect(URI.create(scheme + "://localhost:" + port), client)
                    .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            return new Pair(connection, client, server);
        }

        /** Sends and gets the echo; the calls that both came by. */
        List<Call> roundTrip() throws InterruptedException {
            assertTrue(connection.offer(ByteBuffer.allocate(100), 0, 100) > 0);
            return List.of(server.await(), client.await());
        }
    }

    private static void awaitThreadless(final List<Call> calls) {
        Await.until(
                () -> calls.stream().noneMatch(call -> call.thread().isAlive()),
                "a silent connection keeps its thread");
    }

    private static Stream<Driving> drivings() {
        return Ways.drivings().filter(driving -> driving != Driving.INVOKER);
    }

    @ParameterizedTest
    @MethodSource("drivings")
    void shouldGiveALongSilentConnectionAThreadOfTheSameNameForWhateverHappens(final Driving driving) throws Exception {
        final TransportContext context = new TransportContext()
                .driving(driving)
                .threadKeepAliveNs(TimeUnit.MILLISECONDS.toNanos(500))
                .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext()));
        try (Transport transport = new Transport(context)) {
            final List<Pair> pairs = new ArrayList<>();
            for (final String scheme : List.of("tcp", "tls", "ws", "wss", "tcp", "tls", "ws", "wss")) {
                pairs.add(Pair.of(transport, transport, scheme));
            }
            final List<Call> first = new ArrayList<>();
            for (final Pair pair : pairs) {
                first.addAll(pair.roundTrip());
            }
            awaitThreadless(first);
            // Some are talked to, and then all are closed.
            final List<Call> second = new ArrayList<>();
            for (final Pair pair : pairs.subList(0, 4)) {
                second.addAll(pair.roundTrip());
            }
            for (int i = 0; i < second.size(); i++) {
                assertNotSame(first.get(i).thread(), second.get(i).thread());
                assertEquals(first.get(i).name(), second.get(i).name());
            }
            for (final Pair pair : pairs) {
                pair.connection().close();
                assertEquals(
                        CloseReason.LOCAL_CLOSE,
                        pair.client()
                                .closed
                                .get(Recorder.DEADLINE_S, TimeUnit.SECONDS)
                                .reason());
                assertEquals(
                        CloseReason.PEER_CLOSE,
                        pair.server()
                                .closed
                                .get(Recorder.DEADLINE_S, TimeUnit.SECONDS)
                                .reason());
            }
        }
    }

    /** That one ends, and its peer hears of it; the poller and who waits beside it go on. */
    @Test
    @Logs("a connection without a thread")
    void shouldEndOnlyTheConnectionThatFindsNoThreadToWakeOn() throws Exception {
        final AtomicBoolean refuses = new AtomicBoolean();
        final TransportContext scarce = new TransportContext()
                .threadKeepAliveNs(TimeUnit.MILLISECONDS.toNanos(50))
                .threadFactory(target -> {
                    if (refuses.get()) {
                        throw new OutOfMemoryError("no more threads");
                    }
                    return new Thread(target);
                });
        try (Transport clients = new Transport(scarce);
                Transport servers = new Transport()) {
            final Pair lost = Pair.of(clients, servers, "tcp");
            final Pair kept = Pair.of(clients, servers, "tcp");
            final List<Call> calls = new ArrayList<>();
            for (final Pair pair : List.of(lost, kept)) {
                calls.add(pair.roundTrip().get(1));
            }
            awaitThreadless(calls);
            refuses.set(true);
            lost.connection().offer(ByteBuffer.allocate(100), 0, 100);
            assertEquals(
                    CloseReason.THREAD_LOST,
                    lost.client()
                            .closed
                            .get(Recorder.DEADLINE_S, TimeUnit.SECONDS)
                            .reason());
            lost.server().closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            refuses.set(false);
            kept.roundTrip();
            assertEquals(1, clients.connections().size());
        }
    }
}
