package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.SocketContext;
import io.millrace.transport.TransportContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads of either kind that wait in {@link Connection#send}, whoever drives the connection. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SendContractTest {
    /** Many more than a machine has cores: virtual threads that held their carriers would never get through. */
    private static final int SENDERS = 100;

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S);
    private static final int LENGTH = 1_000;

    /** By far more than there are wake-ups, by far fewer than a spinning thread needs for a millisecond. */
    private static final long MOST_LOOKS = 1_000;

    private static final int QUIET_SAMPLES = 2_000;

    private final AtomicBoolean stalled = new AtomicBoolean(true);
    private final Recorder server = new Recorder((connection, message) -> {
        if (stalled.get()) {
            connection.pauseReading();
        }
    });
    private final Recorder client = new Recorder();
    /** Looks at the clock by threads that wait in a send: one that spun would look again and again. */
    private final AtomicLong looks = new AtomicLong();

    private final Set<Thread> senders = ConcurrentHashMap.newKeySet();
    private DrivenTransport driven;
    private Connection connection;

    static Stream<Arguments> waysAndThreads() {
        return Ways.all("tcp")
                .flatMap(way -> Stream.of(false, true)
                        .filter(virtual -> !virtual || Ways.hasVirtualThreads())
                        .map(virtual -> Arguments.of(way.get()[0], way.get()[1], virtual)));
    }

    private interface Task {
        long run() throws InterruptedException;
    }

    private static CompletableFuture<Long> start(final boolean virtual, final Task task)
            throws ReflectiveOperationException {
        final CompletableFuture<Long> end = new CompletableFuture<>();
        final Runnable runner = () -> {
            try {
                end.complete(task.run());
            } catch (final InterruptedException | RuntimeException | Error ex) {
                end.completeExceptionally(ex);
            }
        };
        if (virtual) {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, runner);
        } else {
            final Thread thread = new Thread(runner);
            thread.setDaemon(true);
            thread.start();
        }
        return end;
    }

    /** Connects to a server that reads one message and then no more, and fills all there is between them. */
    private int fill(final Driving driving, final String scheme) throws Exception {
        // Small, for they are filled.
        final ConnectionContext settings = new ConnectionContext()
                .maxMessageLength(LENGTH)
                .outboundCapacity(4 * 1024)
                .socketContext(new SocketContext().receiveBufferLength(8_192).sendBufferLength(8_192));
        driven = new DrivenTransport(new TransportContext()
                .driving(driving)
                .nanoClock(this::nanoTime)
                .connectionContext(settings));
        final URI uri = driven.transport
                .listen(Ways.anywhere(scheme, null), () -> server)
                .uri();
        connection = driven.transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        int accepted = 0;
        while (connection.send(ByteBuffer.allocate(LENGTH), TimeUnit.MILLISECONDS.toNanos(100)) > 0) {
            accepted++;
        }
        return accepted;
    }

    private long nanoTime() {
        if (senders.contains(Thread.currentThread())) {
            looks.incrementAndGet();
        }
        return System.nanoTime();
    }

    @AfterEach
    void close() {
        stalled.set(false);
        connection.closeNow();
        driven.close();
    }

    @ParameterizedTest
    @MethodSource("waysAndThreads")
    void shouldGetThroughAllAtOnceWhenThereIsRoomAgain(
            final Driving driving, final String scheme, final boolean virtual) throws Exception {
        final int accepted = fill(driving, scheme);
        final List<CompletableFuture<Long>> sends = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            sends.add(start(virtual, () -> connection.send(ByteBuffer.allocate(LENGTH), DEADLINE_NS)));
        }
        stalled.set(false);
        server.awaitOpen().resumeReading();
        for (final CompletableFuture<Long> send : sends) {
            assertTrue(send.get(Recorder.DEADLINE_S, TimeUnit.SECONDS) > 0);
        }
        connection.close();
        final CloseReport report = client.awaitClose();
        server.awaitClose();
        assertEquals(accepted + SENDERS, report.flushed());
        assertEquals(accepted + SENDERS, server.messages.size());
    }

    /** Each wake-up is one more look, and nothing else is: a look is counted by the clock that it asks for the time left. */
    @ParameterizedTest
    @MethodSource("waysAndThreads")
    void shouldWaitAndNotSpin(final Driving driving, final String scheme, final boolean virtual) throws Exception {
        fill(driving, scheme);
        final CompletableFuture<Thread> started = new CompletableFuture<>();
        final CompletableFuture<Long> send = start(virtual, () -> {
            senders.add(Thread.currentThread());
            started.complete(Thread.currentThread());
            return sendOn(DEADLINE_NS);
        });
        final Thread sender = started.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        awaitParked(sender);
        // Once the connection's thread has done all it can, nobody wakes the sender any more.
        long seen = looks.get();
        for (int quiet = 0; quiet < QUIET_SAMPLES; quiet++) {
            final long now = looks.get();
            assertTrue(now < MOST_LOOKS, "it spins: looks=" + now);
            if (now != seen || sender.getState() != Thread.State.TIMED_WAITING) {
                quiet = 0;
                seen = now;
            }
            Thread.yield();
        }
        connection.closeNow();
        assertEquals(Connection.CLOSED, send.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
        assertTrue(looks.get() < MOST_LOOKS, "looks=" + looks);
    }

    private static void awaitParked(final Thread thread) {
        final long startNs = System.nanoTime();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(System.nanoTime() - startNs < DEADLINE_NS, () -> "it does not wait: " + thread.getState());
            Thread.onSpinWait();
        }
    }

    /** Until it is not sent: now and then the operating system takes some more. */
    private long sendOn(final long timeoutNs) throws InterruptedException {
        long result = 1;
        while (result > 0) {
            result = connection.send(ByteBuffer.allocate(LENGTH), timeoutNs);
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("waysAndThreads")
    void shouldSayWhyItDidNotSend(final Driving driving, final String scheme, final boolean virtual) throws Exception {
        fill(driving, scheme);
        final CompletableFuture<Long> late = start(virtual, () -> sendOn(TimeUnit.MILLISECONDS.toNanos(20)));
        assertEquals(Connection.BACK_PRESSURED, late.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));

        final CompletableFuture<Thread> sender = new CompletableFuture<>();
        final CompletableFuture<Long> interrupted = start(virtual, () -> {
            sender.complete(Thread.currentThread());
            return sendOn(DEADLINE_NS);
        });
        sender.get(Recorder.DEADLINE_S, TimeUnit.SECONDS).interrupt();
        final ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> interrupted.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
        assertEquals(InterruptedException.class, thrown.getCause().getClass());

        final CompletableFuture<Long> closed = start(virtual, () -> sendOn(DEADLINE_NS));
        connection.closeNow();
        assertEquals(Connection.CLOSED, closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
        final CloseReport report = client.awaitClose();
        assertEquals(report.accepted(), report.flushed() + report.undelivered());
    }
}
