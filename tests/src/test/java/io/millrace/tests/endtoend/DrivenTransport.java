package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** A transport that works whoever has to drive it: if that is its caller, a thread of this invokes it. */
final class DrivenTransport implements AutoCloseable {
    /** In one of three their connections have no thread whenever they may. */
    private static final int EAGER = 3;

    private static final AtomicInteger MADE = new AtomicInteger();

    final Transport transport;
    private final CompletableFuture<Void> invoking = new CompletableFuture<>();
    private final CompletableFuture<Void> owned = new CompletableFuture<>();
    private volatile boolean closed;

    DrivenTransport(final TransportContext context) {
        if (MADE.getAndIncrement() % EAGER == 0) {
            context.threadKeepAliveNs(TimeUnit.MILLISECONDS.toNanos(1));
        }
        transport = new Transport(context);
        if (context.driving() == Driving.INVOKER) {
            final Thread thread = new Thread(this::invoke, "invoker");
            thread.setDaemon(true);
            thread.start();
            // Until it has invoked once, whoever closes takes its place.
            owned.orTimeout(Recorder.DEADLINE_S, TimeUnit.SECONDS).join();
        } else {
            invoking.complete(null);
        }
    }

    private void invoke() {
        try {
            final AgentInvoker invoker = transport.invoker();
            final IdleStrategy idle = new BackoffIdleStrategy();
            while (!closed) {
                idle.idle(invoker.invoke());
                owned.complete(null);
            }
            invoking.complete(null);
        } catch (final RuntimeException | Error ex) {
            invoking.completeExceptionally(ex);
            owned.completeExceptionally(ex);
        }
    }

    @Override
    public void close() {
        transport.close();
        closed = true;
        invoking.orTimeout(Recorder.DEADLINE_S, TimeUnit.SECONDS).join();
    }
}
