package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class WaitingTest {
    private static final long ENOUGH_CPU_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** What a thread that sleeps does not come near. */
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    @Test
    void shouldBeAdaptiveUnlessSet() {
        assertEquals(Waiting.ADAPTIVE, new ConnectionContext().waiting());
        assertThrows(NullPointerException.class, () -> new ConnectionContext().waiting(null));
    }

    @Test
    void shouldUseItsCoreWhenIdleAndSpinning() throws Exception {
        final CompletableFuture<Thread> driver = new CompletableFuture<>();
        try (Transport transport = new Transport()) {
            final URI uri = listen(transport);
            final Connection connection = transport
                    .connect(uri, new ConnectionContext().waiting(Waiting.SPINNING), new ConnectionHandler() {
                        @Override
                        public void onOpen(final Connection opened) {
                            driver.complete(Thread.currentThread());
                        }

                        @Override
                        public void onMessage(
                                final Connection from, final ByteBuffer buffer, final int offset, final int length) {}
                    })
                    .get();
            final long id = driver.get().getId();
            final long startNs = System.nanoTime();
            while (ManagementFactory.getThreadMXBean().getThreadCpuTime(id) < ENOUGH_CPU_NS) {
                assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "the thread sleeps: " + connection);
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryMessagesEitherWay(final Waiting waiting) throws Exception {
        final CompletableFuture<Integer> echoed = new CompletableFuture<>();
        try (Transport transport =
                new Transport(new TransportContext().connectionContext(new ConnectionContext().waiting(waiting)))) {
            final URI uri = listen(transport);
            final Connection connection = transport
                    .connect(uri, (from, buffer, offset, length) -> echoed.complete(length))
                    .get();
            assertTrue(connection.offer(ByteBuffer.allocate(64)) > 0);
            assertEquals(64, echoed.get());
        }
    }

    private static URI listen(final Transport transport) {
        final int port = transport
                .listen(
                        URI.create("tcp://localhost:0"),
                        () -> (from, buffer, offset, length) -> from.offer(buffer, offset, length))
                .address()
                .getPort();
        return URI.create("tcp://localhost:" + port);
    }
}
