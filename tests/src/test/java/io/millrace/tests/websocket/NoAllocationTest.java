package io.millrace.tests.websocket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client and a server on one thread, the caller's, so that all that both allocate is counted, down to the channel: masked frames
 * one way, unmasked ones back.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NoAllocationTest {
    private static final int ECHOES = 2_000;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    /** Two frames, each sent and received: the smallest object would be 16 bytes, and one in 100 echoes as much as this. */
    private static final double MAX_BYTES_PER_ECHO = 0.5;

    private static final ByteBuffer CONTENT = ByteBuffer.wrap(
            "sixty-four bytes of text, as a latency test has them, more or less".getBytes(StandardCharsets.US_ASCII));

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int received;

    private final class Counting implements WebSocketHandler {
        @Override
        public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
            received++;
        }

        @Override
        public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
            received++;
        }
    }

    private void invokeUntil(final Transport transport, final BooleanSupplier condition) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            transport.invoker().invoke();
            assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "not there in time");
        }
    }

    private void echo(final Transport transport, final WebSocket client, final boolean text) {
        final int before = received;
        final long position =
                text ? client.offerText(CONTENT, 0, CONTENT.limit()) : client.offerBinary(CONTENT, 0, CONTENT.limit());
        assertTrue(position > 0);
        while (received == before) {
            transport.invoker().invoke();
        }
    }

    private void assertNothingIsAllocated(final boolean text) {
        try (Transport transport = new Transport(new TransportContext().driving(Driving.INVOKER))) {
            final Echo server = new Echo();
            final Listener listener =
                    transport.listen(URI.create("ws://localhost:0"), new WebSocketContext(), () -> server);
            final CompletableFuture<WebSocket> connecting = transport.connect(
                    URI.create("ws://localhost:" + listener.address().getPort()),
                    new WebSocketContext(),
                    new Counting());
            invokeUntil(transport, () -> connecting.isDone() && server.opened.isDone());
            // The JDK allocates each time that it looks whether somebody wants to be accepted.
            listener.close();
            final WebSocket client = connecting.join();
            final long startNs = System.nanoTime();
            double bytes = Double.MAX_VALUE;
            // The JIT compiler leaves out objects that do not escape, once it comes to it.
            while (bytes > MAX_BYTES_PER_ECHO) {
                assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "bytes per echo: " + bytes);
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < ECHOES; i++) {
                    echo(transport, client, text);
                }
                bytes = (threads.getCurrentThreadAllocatedBytes() - before) / (double) ECHOES;
            }
        }
    }

    @Test
    void shouldAllocateNothingPerFrameOfText() {
        assertNothingIsAllocated(true);
    }

    @Test
    void shouldAllocateNothingPerFrameOfBinary() {
        assertNothingIsAllocated(false);
    }
}
