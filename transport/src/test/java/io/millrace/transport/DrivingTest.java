package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.agent.Logs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads there are, what they are called, and what happens when there is none to be had. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrivingTest {
    private static final URI ANY_PORT = URI.create("tcp://localhost:0");
    private static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Thread> callback = new CompletableFuture<>();

    private Thread make(final Runnable task) {
        final Thread thread = new Thread(task);
        made.add(thread);
        return thread;
    }

    private static Connection connect(final Transport transport, final URI uri, final ConnectionHandler handler)
            throws Exception {
        return transport.connect(uri, handler).get(30, TimeUnit.SECONDS);
    }

    /** Answers the name of the client's thread once a message has gone there and back. */
    private Thread echo(final Transport transport) throws Exception {
        final Listener listener =
                transport.listen(ANY_PORT, () -> (from, buffer, offset, length) -> from.offer(buffer, offset, length));
        final Connection connection = connect(
                transport, listener.uri(), (from, buffer, offset, length) -> callback.complete(Thread.currentThread()));
        assertTrue(connection.offer(ByteBuffer.allocate(1)) > 0);
        return callback.get(30, TimeUnit.SECONDS);
    }

    private boolean hasMade(final String name) {
        return made.stream().anyMatch(thread -> thread.getName().startsWith(name));
    }

    @Test
    void shouldNameTheDrivingAndTheJdkWhenItHasNoVirtualThreads() {
        final TransportContext context = new TransportContext();
        if (HAS_VIRTUAL_THREADS) {
            assertEquals(
                    Driving.VIRTUAL_THREAD,
                    context.driving(Driving.VIRTUAL_THREAD).driving());
        } else {
            final IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> context.driving(Driving.VIRTUAL_THREAD));
            assertTrue(refused.getMessage().contains("driving=VIRTUAL_THREAD running=17"), refused.getMessage());
            assertEquals(Driving.THREAD, context.driving());
        }
        assertThrows(NullPointerException.class, () -> context.driving(null));
    }

    @Test
    void shouldMakeEveryPlatformThreadByTheFactoryAndNameItAfterItsRole() throws Exception {
        try (Transport transport = new Transport(new TransportContext().threadFactory(this::make))) {
            final Thread driver = echo(transport);
            assertTrue(made.contains(driver));
            assertTrue(driver.getName().startsWith("millrace-connection-"), driver.getName());
            assertTrue(hasMade("millrace-listener-"));
            assertEquals(3, made.size());
        }
    }

    /** The thread of a connection that ended is called otherwise until it serves again, which nothing else tells. */
    @Test
    void shouldServeTheNextConnectionByTheThreadOfOneThatEnded() throws Exception {
        try (Transport transport = new Transport(new TransportContext().threadFactory(this::make))) {
            final Listener listener = transport.listen(
                    ANY_PORT, () -> (from, buffer, offset, length) -> from.offer(buffer, offset, length));
            final Connection first = connect(transport, listener.uri(), (from, buffer, offset, length) -> {});
            first.close();
            first.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            while (made.stream()
                            .filter(thread -> thread.getName().equals("millrace-spare"))
                            .count()
                    < 2) {
                Thread.onSpinWait();
            }
            final CompletableFuture<Thread> serving = new CompletableFuture<>();
            final CompletableFuture<Long> refusal = new CompletableFuture<>();
            final Connection second = connect(transport, listener.uri(), (from, buffer, offset, length) -> {
                serving.complete(Thread.currentThread());
                // It is not the first one's thread any more, which must not wait for itself.
                refusal.complete(send(first));
            });
            assertTrue(second.offer(ByteBuffer.allocate(1)) > 0);
            final Thread thread = serving.get(30, TimeUnit.SECONDS);
            assertTrue(thread.getName().startsWith("millrace-connection-"), thread.getName());
            assertEquals(Connection.CLOSED, refusal.get(30, TimeUnit.SECONDS));
            assertEquals(3, made.size());
        }
        for (final Thread thread : made) {
            thread.join();
        }
    }

    private static long send(final Connection connection) {
        try {
            return connection.send(ByteBuffer.allocate(1), 1);
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldHaveOnePlatformThreadInAllWhenVirtualThreadsDrive() throws Exception {
        Assumptions.assumeTrue(HAS_VIRTUAL_THREADS);
        final TransportContext context =
                new TransportContext().driving(Driving.VIRTUAL_THREAD).threadFactory(this::make);
        try (Transport transport = new Transport(context)) {
            final Thread driver = echo(transport);
            assertEquals("VirtualThreads", driver.getThreadGroup().getName());
            assertTrue(driver.getName().startsWith("millrace-connection-"), driver.getName());
            assertEquals(1, made.size());
            assertEquals("millrace-poller", made.element().getName());
            assertTrue(made.element().isDaemon());
        }
        made.element().join();
    }

    @Test
    @Logs("a listener says why it ends when it has lost its poller")
    void shouldEndConnectionsAndListenersWithAReasonWhenThePollerIsLost() throws Exception {
        Assumptions.assumeTrue(HAS_VIRTUAL_THREADS);
        final TransportContext context =
                new TransportContext().driving(Driving.VIRTUAL_THREAD).threadFactory(this::make);
        // The peer has a socket of its own, so that it is not the end of that which the connection sees first.
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
                Transport transport = new Transport(context)) {
            final URI uri = URI.create("tcp://localhost:" + peer.getLocalPort());
            final Connection lost = connect(transport, uri, (from, buffer, offset, length) -> {});
            final Listener listener = transport.listen(ANY_PORT, () -> (from, buffer, offset, length) -> {});
            made.element().interrupt();
            final CloseReport report = lost.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertEquals(CloseReason.IO_ERROR, report.reason());
            assertTrue(report.detail().contains("the poller of the sockets ended"), report.detail());
            listener.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            made.remove().join();
            // The next one gets another poller.
            echo(transport);
            assertEquals("millrace-poller", made.element().getName());
        }
    }

    @Test
    void shouldMakeThreadsThatAreNoDaemonsWhoeverConnects() throws Exception {
        final CompletableFuture<Boolean> daemon = new CompletableFuture<>();
        final Thread connector = new Thread(() -> {
            try (Transport transport = new Transport()) {
                daemon.complete(echo(transport).isDaemon());
            } catch (final Exception ex) {
                daemon.completeExceptionally(ex);
            }
        });
        connector.setDaemon(true);
        connector.start();
        assertFalse(daemon.get(30, TimeUnit.SECONDS));
        connector.join();
    }

    private static void assertNoThread(final ThreadFactory factory, final String text) throws Exception {
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
        try (Transport transport = new Transport(new TransportContext().threadFactory(factory))) {
            final CompletableFuture<Connection> connect =
                    transport.connect(URI.create("tcp://localhost:1"), new ConnectionHandler() {
                        @Override
                        public void onMessage(
                                final Connection from, final ByteBuffer buffer, final int offset, final int length) {}

                        @Override
                        public void onClose(final Connection connection, final CloseReport report) {
                            closed.complete(report);
                        }
                    });
            assertThrows(ExecutionException.class, () -> connect.get(30, TimeUnit.SECONDS));
            assertEquals(
                    CloseReason.THREAD_LOST, closed.get(30, TimeUnit.SECONDS).reason());
            final RuntimeException thrown = assertThrows(
                    RuntimeException.class,
                    () -> transport.listen(ANY_PORT, () -> (from, buffer, offset, length) -> {}));
            assertTrue(thrown.getMessage().contains(text), thrown.getMessage());
            assertEquals(0, transport.listeners().size());
            assertEquals(0, transport.connections().size());
        }
    }

    @Test
    void shouldEndClearlyWhenTheFactoryMakesNoThread() throws Exception {
        assertNoThread(task -> null, "made no thread: role=millrace-listener-");
    }

    @Test
    void shouldEndClearlyWhenTheFactoryThrows() throws Exception {
        assertNoThread(
                task -> {
                    throw new IllegalArgumentException("out of threads");
                },
                "out of threads");
    }

    @Test
    void shouldEndClearlyWhenTheFactoryStartsItsThreads() throws Exception {
        assertNoThread(
                task -> {
                    final Thread thread = new Thread(task);
                    thread.start();
                    return thread;
                },
                "must not start its threads: role=millrace-listener-");
    }
}
