package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransportContextTest {
    @Test
    void shouldNameTheValueWhenItIsOutOfRange() {
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new TransportContext().closeTimeoutNs(0));
        assertTrue(failure.getMessage().contains("closeTimeoutNs=0"), failure.getMessage());
    }

    @Test
    void shouldFreezeWhenConcluded() {
        final TransportContext context =
                new TransportContext().closeTimeoutNs(7).conclude();
        context.conclude();
        assertThrows(IllegalStateException.class, () -> context.closeTimeoutNs(8));
        assertEquals(7, context.closeTimeoutNs());
    }

    @Test
    void shouldFreezeTheConnectionContextToo() {
        final ConnectionContext nested = new ConnectionContext();
        assertSame(
                nested,
                new TransportContext().connectionContext(nested).conclude().connectionContext());
        assertThrows(IllegalStateException.class, () -> nested.closeTimeoutNs(8));
        final ConnectionContext ofListener = new ConnectionContext();
        new ListenerContext().connectionContext(ofListener).conclude();
        assertThrows(IllegalStateException.class, () -> ofListener.closeTimeoutNs(8));
    }

    @Test
    void shouldRefuseToConcludeWhenTheConnectionContextIsBad() {
        final ConnectionContext bad =
                new ConnectionContext().maxMessageLength(1024).outboundCapacity(1024);
        final TransportContext context = new TransportContext().connectionContext(bad);
        assertThrows(IllegalArgumentException.class, context::conclude);
    }

    @Test
    void shouldKeepThreadsLongerWhereTheyWakeFaster() {
        final TransportContext context = new TransportContext();
        assertEquals(TimeUnit.SECONDS.toNanos(60), context.threadKeepAliveNs());
        assertEquals(7, context.threadKeepAliveNs(7).threadKeepAliveNs());
        if (Runtime.version().feature() >= 21) {
            final TransportContext virtual = new TransportContext().driving(Driving.VIRTUAL_THREAD);
            assertEquals(TimeUnit.SECONDS.toNanos(10), virtual.threadKeepAliveNs());
            assertEquals(7, virtual.threadKeepAliveNs(7).threadKeepAliveNs());
        }
    }

    /** A sender may be the one that has the thread made. */
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // Of a sender's own.
    void shouldMakeThreadsThatInheritNothing() throws Exception {
        final TransportContext context = new TransportContext();
        final InheritableThreadLocal<String> request = new InheritableThreadLocal<>();
        final CompletableFuture<String> inherited = new CompletableFuture<>();
        final CompletableFuture<Thread> made = new CompletableFuture<>();
        final Thread sender = new Thread(() -> {
            request.set("a sender's");
            made.complete(context.threadFactory().newThread(() -> inherited.complete("" + request.get())));
        });
        sender.setDaemon(true);
        sender.setPriority(Thread.MIN_PRIORITY);
        sender.setContextClassLoader(new ClassLoader(null) {});
        sender.start();

        final Thread thread = made.get(30, TimeUnit.SECONDS);
        assertFalse(thread.isDaemon());
        assertEquals(Thread.NORM_PRIORITY, thread.getPriority());
        assertSame(Thread.currentThread().getContextClassLoader(), thread.getContextClassLoader());
        thread.start();
        assertEquals("null", inherited.get(30, TimeUnit.SECONDS));
    }
}
