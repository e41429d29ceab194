package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectHandler;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport that its caller drives. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InvokerTest {
    private static final int LENGTH = 100;
    private static final URI ANY_PORT = URI.create("tcp://localhost:0");
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S);

    private static TransportContext context() {
        return new TransportContext()
                .driving(Driving.INVOKER)
                .closeTimeoutNs(TimeUnit.SECONDS.toNanos(4))
                .threadFactory(task -> {
                    throw new AssertionError("an invoked transport starts no thread");
                });
    }

    private static void invokeUntil(final Transport transport, final BooleanSupplier condition) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            transport.invoker().invoke();
            assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "not there in time");
        }
    }

    private static Connection connect(final Transport transport, final Recorder server, final Recorder client) {
        final Listener listener = transport.listen(ANY_PORT, () -> server);
        final CompletableFuture<Connection> connected = transport.connect(listener.uri(), client);
        invokeUntil(transport, () -> connected.isDone() && server.opens.get() == 1);
        return connected.join();
    }

    /** What throws on another thread. */
    private static RuntimeException onAnotherThread(final Runnable task) throws Exception {
        final AtomicReference<RuntimeException> thrown = new AtomicReference<>();
        final Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (final RuntimeException ex) {
                thrown.set(ex);
            }
        });
        thread.start();
        thread.join();
        return thrown.get();
    }

    @Test
    void shouldDoEverythingOnTheThreadThatInvokes() {
        final List<Thread> threads = new ArrayList<>();
        final Recorder server = new Recorder((connection, message) -> {
            threads.add(Thread.currentThread());
            assertTrue(connection.offer(ByteBuffer.wrap(message)) > 0);
        });
        final Recorder client = new Recorder((connection, message) -> threads.add(Thread.currentThread()));
        try (Transport transport = new Transport(context())) {
            final Connection connection = connect(transport, server, client);
            for (int i = 1; i <= 100; i++) {
                final int count = i;
                assertTrue(connection.offer(ByteBuffer.allocate(100)) > 0);
                invokeUntil(transport, () -> client.messages.size() == count);
            }
        }
        assertEquals(200, threads.size());
        threads.forEach(thread -> assertSame(Thread.currentThread(), thread));
        assertEquals(1, client.closes.get());
        assertEquals(1, server.closes.get());
    }

    @Test
    void shouldRefuseASecondThreadWhileTheFirstLives() throws Exception {
        try (Transport transport = new Transport(context())) {
            transport.invoker().invoke();
            final RuntimeException thrown =
                    onAnotherThread(() -> transport.invoker().invoke());
            assertEquals(IllegalStateException.class, thrown.getClass());
            assertTrue(
                    thrown.getMessage()
                            .contains("owner=" + Thread.currentThread().getName()),
                    thrown.getMessage());
            transport.invoker().invoke();
        }
        final Transport handedOn = new Transport(context());
        onAnotherThread(() -> handedOn.invoker().invoke());
        handedOn.invoker().invoke();
        handedOn.close();
    }

    @Test
    void shouldRefuseToInvokeInACallback() throws Exception {
        try (Transport transport = new Transport(context())) {
            final Recorder server =
                    new Recorder((connection, message) -> transport.invoker().invoke());
            final Recorder client = new Recorder();
            assertTrue(connect(transport, server, client).offer(ByteBuffer.allocate(1)) > 0);
            invokeUntil(transport, () -> client.closes.get() == 1 && server.closes.get() == 1);
            assertEquals(CloseReason.HANDLER_ERROR, server.awaitClose().reason());
            assertTrue(
                    server.awaitClose().detail().contains("callback"),
                    server.awaitClose().detail());
        }
    }

    @Test
    void shouldRefuseToWaitForItselfInASend() throws Exception {
        try (Transport transport = new Transport(context())) {
            final Recorder client = new Recorder();
            final Connection connection = connect(transport, new Recorder(), client);
            assertThrows(IllegalStateException.class, () -> connection.send(ByteBuffer.allocate(1), DEADLINE_NS));
        }
    }

    @Test
    void shouldDriveWhileItCloses() {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        final Transport transport = new Transport(context());
        final Connection connection = connect(transport, server, client);
        for (int i = 0; i < 1000; i++) {
            assertTrue(connection.offer(ByteBuffer.allocate(100)) > 0);
        }
        assertTrue(transport.drain(DEADLINE_NS));
        assertEquals(1000, connection.closed().toCompletableFuture().join().flushed());
        assertEquals(List.of(), transport.connections());
        assertEquals(List.of(), transport.listeners());
    }

    @Test
    void shouldDrainAListenerOnTheInvokingThread() {
        final Recorder client = new Recorder();
        try (Transport transport = new Transport(context())) {
            connect(transport, new Recorder(), client);
            assertTrue(transport.listeners().get(0).drain(DEADLINE_NS));
            invokeUntil(transport, () -> client.closes.get() == 1);
        }
    }

    @Test
    void shouldWaitForNothingWhenClosedInACallback() throws Exception {
        final Transport transport = new Transport(context());
        final AtomicInteger closes = new AtomicInteger();
        final Recorder server = new Recorder((connection, message) -> {
            assertTrue(transport.drain(DEADLINE_NS));
            closes.incrementAndGet();
        });
        final Recorder client = new Recorder();
        assertTrue(connect(transport, server, client).offer(ByteBuffer.allocate(1)) > 0);
        final long startNs = System.nanoTime();
        invokeUntil(transport, () -> client.closes.get() == 1 && server.closes.get() == 1);
        assertTrue(System.nanoTime() - startNs < DEADLINE_NS / 2);
        assertEquals(1, closes.get());
    }

    @Test
    void shouldEndEverythingWithinItsBoundWhenAnotherThreadClosesAndNobodyInvokes() throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        final Transport transport = new Transport(context());
        connect(transport, server, client);
        final AtomicReference<Boolean> whole = new AtomicReference<>();
        onAnotherThread(() -> whole.set(transport.drain(TimeUnit.MILLISECONDS.toNanos(400))));
        assertFalse(whole.get());
        assertEquals(CloseReason.TRANSPORT_CLOSE, server.awaitClose().reason());
        assertEquals(CloseReason.TRANSPORT_CLOSE, client.awaitClose().reason());
        assertEquals(List.of(), transport.listeners());
    }

    @Test
    void shouldEndWhatLivesWhenTheInvokerIsClosed() throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        try (Transport transport = new Transport(context())) {
            connect(transport, server, client);
            transport.invoker().close();
            assertEquals(CloseReason.THREAD_LOST, server.awaitClose().reason());
            assertEquals(CloseReason.THREAD_LOST, client.awaitClose().reason());
            assertThrows(IllegalStateException.class, () -> transport.listen(ANY_PORT, Recorder::new));
            final Recorder late = new Recorder();
            assertTrue(transport.connect(URI.create("tcp://localhost:1"), late).isCompletedExceptionally());
            assertEquals(CloseReason.THREAD_LOST, late.awaitClose().reason());
        }
    }

    @Test
    void shouldReconnectOnTheInvokingThread() {
        final AtomicInteger opened = new AtomicInteger();
        final ReconnectHandler handler = new ReconnectHandler() {
            @Override
            public void onOpen(final Connection connection) {
                opened.incrementAndGet();
            }

            @Override
            public void onMessage(
                    final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}
        };
        try (Transport transport = new Transport(context())) {
            final Listener listener = transport.listen(ANY_PORT, Recorder::new);
            final ReconnectingConnection handle = transport.keepConnected(
                    listener.uri(),
                    new ConnectionContext(),
                    new ReconnectContext().firstDelayNs(1_000_000).maxDelayNs(10_000_000),
                    handler);
            invokeUntil(transport, () -> opened.get() == 1);
            handle.connection().orElseThrow().close();
            invokeUntil(transport, () -> opened.get() == 2);
        }
    }

    @Test
    void shouldPullOnTheThreadThatInvokesWithoutWaiting() throws Exception {
        final Recorder server = new Recorder();
        final int count = 5_000;
        final ConnectionContext pulling = new ConnectionContext()
                .maxMessageLength(LENGTH)
                .outboundCapacity(1024)
                .pullCapacity(1024);
        try (Transport transport = new Transport(context().connectionContext(pulling))) {
            final Connection sender = connect(transport, server, new Recorder());
            final Connection pulled = server.awaitOpen();
            final int[] numbers = {0, 0};
            invokeUntil(transport, () -> {
                while (numbers[0] < count
                        && sender.offer(ByteBuffer.allocate(LENGTH).putInt(0, numbers[0])) > 0) {
                    numbers[0]++;
                }
                pulled.poll((buffer, offset, length) -> assertEquals(numbers[1]++, buffer.getInt(offset)), 3);
                return numbers[1] == count;
            });
            assertEquals(0, server.messages.size());
            sender.close();
            invokeUntil(transport, () -> pulled.poll((buffer, offset, length) -> {}, 1) == Connection.CLOSED);
        }
    }

    @Test
    void shouldPullOnAnotherThreadThanTheOneThatInvokes() throws Exception {
        final Recorder server = new Recorder();
        final int count = 2_000;
        final ConnectionContext pulling = new ConnectionContext()
                .maxMessageLength(LENGTH)
                .outboundCapacity(1024)
                .pullCapacity(1024);
        try (Transport transport = new Transport(context().connectionContext(pulling))) {
            final Connection sender = connect(transport, server, new Recorder());
            final Connection pulled = server.awaitOpen();
            final int[] next = {0};
            final CompletableFuture<Integer> all = new CompletableFuture<>();
            final Thread puller = new Thread(() -> {
                try {
                    while (pulled.poll((buffer, offset, length) -> next[0]++, 10, DEADLINE_NS) > 0) {
                        // until the end
                    }
                    all.complete(next[0]);
                } catch (final InterruptedException | RuntimeException | Error ex) {
                    all.completeExceptionally(ex);
                }
            });
            puller.start();
            final int[] sent = {0};
            invokeUntil(transport, () -> {
                while (sent[0] < count && sender.offer(ByteBuffer.allocate(LENGTH)) > 0) {
                    sent[0]++;
                }
                return sent[0] == count;
            });
            sender.close();
            invokeUntil(transport, all::isDone);
            assertEquals(count, all.join());
            puller.join();
        }
    }

    @Test
    void shouldHaveNoInvokerWhenThreadsDrive() {
        try (Transport transport = new Transport()) {
            assertThrows(IllegalStateException.class, transport::invoker);
        }
    }
}
