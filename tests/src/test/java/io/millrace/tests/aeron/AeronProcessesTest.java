package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Listener;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectHandler;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import io.millrace.transport.agent.Logs;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes and a driver in a third: whatever dies, the others know, go on, and begin again. */
@Logs("a listener says why it ends when it has lost its driver")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronProcessesTest {
    private static final String IPC = "aeron:ipc";
    private static final String UDP = "aeron:udp?endpoint=localhost:0";

    private final Path directory = Path.of("/dev/shm").toFile().isDirectory()
            ? Path.of("/dev/shm/millrace-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime())
            : Path.of(System.getProperty("java.io.tmpdir"), "millrace-test-" + System.nanoTime());
    private AeronProcess driver;
    private AeronProcess server;

    @AfterEach
    void end() throws Exception {
        if (server != null) {
            server.close();
        }
        if (driver != null) {
            driver.close();
        }
        org.agrona.IoUtil.delete(directory.toFile(), true);
    }

    private Transport transport(final long livenessMs) {
        return new Transport(new TransportContext()
                .closeTimeoutNs(TimeUnit.SECONDS.toNanos(3))
                .messageScheme(new AeronScheme(AeronProcess.settings(directory, livenessMs))));
    }

    private static void exchange(final Connection connection, final Peers.Checker client, final long number) {
        assertTrue(Peers.offer(connection, Peers.Checker.message(0, number, 100)) > 0);
        Await.until(() -> client.received.get() == number + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {IPC, UDP})
    void shouldTalkToAnotherProcessByADriverOfItsOwn(final String anywhere) throws Exception {
        driver = AeronProcess.driver(directory, AeronProcess.PATIENT_MS);
        server = AeronProcess.server(directory, AeronProcess.PATIENT_MS, anywhere);
        final URI uri = URI.create(server.awaitLine("ready"));
        final Peers.Checker client = new Peers.Checker(1);
        try (Transport transport = transport(AeronProcess.PATIENT_MS)) {
            final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            for (int i = 0; i < 100; i++) {
                exchange(connection, client, i);
            }
            connection.close();
            final CloseReport report = client.awaitClose();
            assertEquals(CloseReason.LOCAL_CLOSE, report.reason(), report.detail());
            assertEquals(100, report.flushed());
        }
        assertTrue(server.awaitLine("closed").startsWith("PEER_CLOSE"));
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(
            named = "millrace.aeron.kills",
            matches = "true",
            disabledReason = "it takes the time of " + "several timeouts: the proof profile runs it")
    @ValueSource(strings = {IPC, UDP})
    void shouldFindTheServerAgainWhenItWasKilledAndStartedAgain(final String anywhere) throws Exception {
        driver = AeronProcess.driver(directory, AeronProcess.SOON_MS);
        server = AeronProcess.server(directory, AeronProcess.SOON_MS, anywhere);
        final URI uri = URI.create(server.awaitLine("ready"));
        final AtomicInteger echoes = new AtomicInteger();
        final ReconnectHandler handler = (connection, buffer, offset, length) -> echoes.incrementAndGet();
        try (Transport transport = transport(AeronProcess.SOON_MS)) {
            final ReconnectingConnection kept =
                    transport.keepConnected(uri, new ConnectionContext(), new ReconnectContext(), handler);
            Await.until(() -> kept.offer(ByteBuffer.allocate(10)) > 0);
            Await.until(() -> echoes.get() > 0);
            server.kill();
            Await.until(() -> transport.counters().closed(CloseReason.PEER_RESET) == 1);
            final String same = uri.toString();
            // The driver takes the dead one's channel for taken until it takes it for dead.
            Await.until(() -> restarted(same));
            final int before = echoes.get();
            Await.until(() -> kept.offer(ByteBuffer.allocate(10)) > 0);
            Await.until(() -> echoes.get() > before);
            kept.close();
        }
    }

    private boolean restarted(final String uri) {
        try {
            server = AeronProcess.server(directory, AeronProcess.SOON_MS, uri);
            server.awaitLine("ready");
            return true;
        } catch (final java.io.IOException ex) {
            return false;
        }
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(
            named = "millrace.aeron.kills",
            matches = "true",
            disabledReason = "it takes the time of " + "several timeouts: the proof profile runs it")
    @ValueSource(strings = {IPC, UDP})
    void shouldKnowThatAClientWasKilledAndServeTheNext(final String anywhere) throws Exception {
        driver = AeronProcess.driver(directory, AeronProcess.SOON_MS);
        final Queue<Peers.Checker> served = new ConcurrentLinkedQueue<>();
        try (Transport transport = transport(AeronProcess.SOON_MS)) {
            final Listener listener = transport.listen(URI.create(anywhere), () -> {
                final Peers.Checker checker = new Peers.Checker(1);
                served.add(checker);
                return checker;
            });
            for (int round = 0; round < 2; round++) {
                try (AeronProcess client = AeronProcess.client(directory, AeronProcess.SOON_MS, listener.uri())) {
                    Await.until(
                            () -> !served.isEmpty() && served.element().received.get() > 1_000);
                    client.kill();
                }
                final Peers.Checker checker = served.remove();
                assertEquals(CloseReason.PEER_RESET, checker.awaitClose().reason());
                assertEquals(List.of(), List.copyOf(checker.faults));
            }
        }
    }

    /** Also while senders send: what they write to is there until they are out. */
    @ParameterizedTest
    @ValueSource(strings = {IPC, UDP})
    void shouldEndWithTheDriverAndBeginAgainWithTheNext(final String anywhere) throws Exception {
        driver = AeronProcess.driver(directory, AeronProcess.SOON_MS);
        try (Transport transport = transport(AeronProcess.SOON_MS)) {
            final Peers.Checker served = new Peers.Checker(1);
            final Peers.Checker client = new Peers.Checker(1);
            final Listener listener = transport.listen(URI.create(anywhere), () -> served);
            final Connection connection =
                    transport.connect(listener.uri(), client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            final Thread sender = new Thread(() -> {
                long number = 0;
                long result = 0;
                while (result != Connection.CLOSED) {
                    result = connection.offer(Peers.Checker.message(0, number, 100));
                    number += result > 0 ? 1 : 0;
                }
            });
            sender.start();
            // Several times as long as the peer lets pass before it tells what it has taken.
            final long startNs = System.nanoTime();
            Await.until(() ->
                    served.received.get() > 1_000 && System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(500));
            driver.kill();
            final CloseReport report = client.awaitClose();
            assertTrue(report.flushed() > 0, report::toString);
            assertEquals(CloseReason.DRIVER_LOST, report.reason(), report.detail());
            assertTrue(report.detail().contains(directory.toString()), report.detail());
            assertEquals(report.accepted(), report.flushed() + report.undelivered());
            assertEquals(CloseReason.DRIVER_LOST, served.awaitClose().reason());
            assertTrue(report.flushed() <= served.received.get(), report + " received=" + served.received);
            sender.join();
            listener.closed().toCompletableFuture().get(Peers.DEADLINE_S, TimeUnit.SECONDS);

            driver = AeronProcess.driver(directory, AeronProcess.SOON_MS);
            final Peers.Checker next = new Peers.Checker(1);
            final URI uri = transport.listen(URI.create(anywhere), () -> next).uri();
            final Connection again =
                    transport.connect(uri, new Peers.Checker(1)).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            assertTrue(again.offer(Peers.Checker.message(0, 0, 100)) > 0);
            Await.until(() -> next.received.get() == 1);
        }
    }

    @Test
    void shouldStartAnotherDriverOfItsOwnWhenTheFirstIsGone() throws Exception {
        final AeronScheme scheme = new AeronScheme(new AeronContext());
        for (int round = 0; round < 2; round++) {
            final Peers.Checker served = new Peers.Checker(1);
            try (Transport transport = new Transport(new TransportContext().messageScheme(scheme))) {
                final URI uri = transport.listen(URI.create(IPC), () -> served).uri();
                final Connection connection =
                        transport.connect(uri, new Peers.Checker(1)).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
                assertTrue(connection.offer(Peers.Checker.message(0, 0, 20)) > 0);
                Await.until(() -> served.received.get() == 1);
            }
        }
    }
}
