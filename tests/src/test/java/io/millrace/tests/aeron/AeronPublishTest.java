package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronAddress;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import io.millrace.transport.aeron.SubscriptionListener;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One publisher, many subscribers, on one channel. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronPublishTest {
    /** How far to be ahead of those that hear at most: less than any window. */
    private static final int AHEAD = 100;

    private static final int PUBLISHERS = 4;

    private static final class Hearing implements ConnectionHandler {
        final Queue<Long> heard = new ConcurrentLinkedQueue<>();
        volatile long last = Long.MAX_VALUE;
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            last = buffer.getLong(offset + 4);
            heard.add(last);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }
    }

    /** What subscribers were told of publishers. */
    private static final class Told implements SubscriptionListener {
        final Queue<Long> joins = new ConcurrentLinkedQueue<>();
        final Queue<Long> leaves = new ConcurrentLinkedQueue<>();

        @Override
        public void onJoin(
                final AeronAddress subscription, final String source, final int sessionId, final long position) {
            joins.add(position);
        }

        @Override
        public void onLeave(
                final AeronAddress subscription, final String source, final int sessionId, final long position) {
            leaves.add(position);
        }
    }

    private final Told told = new Told();

    @TempDir
    private Path folder;

    private Transport transport(final ConnectionContext settings) {
        return new Transport(new TransportContext()
                .connectionContext(settings)
                .messageScheme(new AeronScheme(new AeronContext()
                        .directory(folder.resolve("driver"))
                        .embeddedDriver(true)
                        .subscriptionListener(told)
                        .driverSettings(
                                driver -> driver.untetheredWindowLimitTimeoutNs(TimeUnit.MILLISECONDS.toNanos(200))
                                        .untetheredLingerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100))
                                        .untetheredRestingTimeoutNs(TimeUnit.MILLISECONDS.toNanos(300))
                                        .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(50))))));
    }

    private static Connection connect(final Transport transport, final String uri, final ConnectionHandler handler)
            throws Exception {
        return transport.connect(URI.create(uri), handler).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
    }

    private static long publish(final Connection publisher, final long number) {
        long result = Connection.NOT_CONNECTED;
        final long startNs = System.nanoTime();
        while (result < 0 && System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(Peers.DEADLINE_S)) {
            result = publisher.offer(Peers.Checker.message(0, number, 100));
        }
        return result;
    }

    /** Until all hear, and not faster than those hear that do, so that nobody who is slow loses anything. */
    private static long publishUntilAllHear(
            final Connection publisher, final List<Hearing> all, final long firstNumber) {
        long number = firstNumber;
        while (all.stream().anyMatch(hearing -> hearing.heard.isEmpty())) {
            final long least = number - AHEAD;
            Await.until(() -> all.stream().allMatch(hearing -> hearing.last >= least));
            assertTrue(publish(publisher, number++) > 0);
        }
        return number;
    }

    private static void shouldReachAll(final Transport transport, final String publish, final String subscribe)
            throws Exception {
        final Connection publisher = connect(transport, publish, new Hearing());
        assertEquals(Connection.NOT_CONNECTED, publisher.offer(Peers.Checker.message(0, 0, 100)));
        final List<Hearing> early = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            early.add(new Hearing());
            final Connection subscriber = connect(transport, subscribe, early.get(i));
            assertEquals(Connection.NOT_CONNECTED, subscriber.offer(Peers.Checker.message(0, 0, 100)));
        }
        long number = publishUntilAllHear(publisher, early, 0);
        final Hearing late = new Hearing();
        connect(transport, subscribe, late);
        final List<Hearing> all = new ArrayList<>(early);
        all.add(late);
        number = publishUntilAllHear(publisher, all, number);
        final long last = number - 1;
        Await.until(() -> all.stream().allMatch(hearing -> hearing.last == last));
        for (final Hearing hearing : all) {
            long next = hearing.heard.element();
            for (final long heard : hearing.heard) {
                assertEquals(next++, heard, "not in order, or not all from the first on");
            }
        }
        assertTrue(late.heard.element() > 0, "what was sent before is missed");
        publisher.close();
        final CloseReport report = publisher.closed().toCompletableFuture().get(Peers.DEADLINE_S, TimeUnit.SECONDS);
        assertEquals(CloseReason.LOCAL_CLOSE, report.reason());
        assertEquals(number, report.flushed());
    }

    @Test
    void shouldReachAllSubscribersFromWhereTheyJoinOn() throws Exception {
        try (Transport transport = transport(new ConnectionContext())) {
            shouldReachAll(transport, "aeron:ipc?stream-id=50&role=publish", "aeron:ipc?stream-id=50&role=subscribe");
            Await.until(() -> told.joins.size() == 4 && told.leaves.size() == 4);
            final String control = "control=localhost:" + Peers.freePort() + "&control-mode=dynamic&stream-id=51";
            shouldReachAll(
                    transport,
                    "aeron:udp?" + control + "&fc=min&role=publish",
                    "aeron:udp?" + control + "&endpoint=localhost:0&role=subscribe");
        }
    }

    @Test
    void shouldHoldThePublisherUpForASlowSubscriberUnlessThatIsNotTethered() throws Exception {
        final ConnectionContext small =
                new ConnectionContext().maxMessageLength(1_000).outboundCapacity(16 * 1024);
        try (Transport transport = transport(small)) {
            final Connection publisher = connect(transport, "aeron:ipc?stream-id=60&role=publish", new Hearing());
            final Hearing slow = new Hearing();
            final Connection tethered = connect(transport, "aeron:ipc?stream-id=60&role=subscribe", slow);
            tethered.pauseReading();
            assertTrue(publish(publisher, 0) > 0);
            Await.until(() -> publisher.offer(Peers.Checker.message(0, 1, 100)) == Connection.BACK_PRESSURED);
            tethered.close();
            tethered.closed().toCompletableFuture().get(Peers.DEADLINE_S, TimeUnit.SECONDS);

            final Hearing untethered = new Hearing();
            final Connection loose =
                    connect(transport, "aeron:ipc?stream-id=60&role=subscribe&tether=false", untethered);
            final Hearing quick = new Hearing();
            connect(transport, "aeron:ipc?stream-id=60&role=subscribe", quick);
            loose.pauseReading();
            final int leaves = told.leaves.size();
            long number = 1_000;
            while (quick.heard.size() < 1_000) {
                if (publisher.offer(Peers.Checker.message(0, number, 100)) > 0) {
                    number++;
                }
            }
            loose.resumeReading();
            Await.until(() -> told.leaves.size() > leaves);
            final int before = untethered.heard.size();
            while (untethered.heard.size() <= before) {
                if (publisher.offer(Peers.Checker.message(0, number, 100)) > 0) {
                    number++;
                }
            }
        }
    }

    @Test
    void shouldHearTheMessagesOfABatchOneByOne() throws Exception {
        try (Transport transport = transport(new ConnectionContext())) {
            final Queue<Integer> lengths = new ConcurrentLinkedQueue<>();
            final ConnectionHandler hearing = new ConnectionHandler() {
                @Override
                public void onMessage(
                        final Connection on, final ByteBuffer buffer, final int offset, final int length) {
                    lengths.add(length);
                }
            };
            connect(transport, "aeron:ipc?stream-id=80&role=subscribe", hearing);
            final Connection publisher = connect(transport, "aeron:ipc?stream-id=80&role=publish", new Hearing());
            final ByteBuffer batch = ByteBuffer.allocate(100_030);
            Await.until(() -> publisher.offerBatch(batch, 0, new int[] {10, 20, 100_000}, 3) > 0);
            Await.until(() -> publisher.offer(ByteBuffer.allocate(7)) > 0);
            Await.until(() -> lengths.contains(7));
            assertEquals(List.of(10, 20, 100_000, 7), List.copyOf(lengths));
        }
    }

    /** Each publisher has a log of its own, as those of several processes have. */
    private List<ExclusivePublication> publishers(final Aeron aeron) {
        final List<ExclusivePublication> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(aeron.addExclusivePublication("aeron:ipc?term-length=64k", 90));
        }
        Await.until(() -> told.joins.size() == PUBLISHERS);
        return publishers;
    }

    private Aeron aeron() {
        return Aeron.connect(
                new Aeron.Context().aeronDirectoryName(folder.resolve("driver").toString()));
    }

    private static void publish(final ExclusivePublication publisher, final int length) {
        Await.until(() -> publisher.offer(new UnsafeBuffer(new byte[length])) > 0);
    }

    @Test
    void shouldHearNoOtherPublisherEitherWhenReadingIsPaused() throws Exception {
        final AtomicBoolean isPaused = new AtomicBoolean();
        final AtomicInteger heard = new AtomicInteger();
        final AtomicInteger heardPaused = new AtomicInteger();
        final ConnectionHandler pausing = new ConnectionHandler() {
            @Override
            public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
                on.pauseReading();
                if (isPaused.getAndSet(true)) {
                    heardPaused.incrementAndGet();
                }
                heard.incrementAndGet();
            }
        };
        try (Transport transport = transport(new ConnectionContext())) {
            final Connection subscriber = connect(transport, "aeron:ipc?stream-id=90&role=subscribe", pausing);
            try (Aeron aeron = aeron()) {
                final List<ExclusivePublication> publishers = publishers(aeron);
                publish(publishers.get(0), 100);
                Await.until(() -> heard.get() == 1);
                publishers.forEach(publisher -> publish(publisher, 100));
                for (int i = 2; i <= PUBLISHERS + 1; i++) {
                    final int expected = i;
                    isPaused.set(false);
                    subscriber.resumeReading();
                    Await.until(() -> heard.get() >= expected);
                }
                assertEquals(List.of(PUBLISHERS + 1, 0), List.of(heard.get(), heardPaused.get()));
            }
        }
    }

    @Test
    void shouldLoseNothingOfAnyPublisherWhenThePullerIsBehind() throws Exception {
        final ConnectionContext pulled =
                new ConnectionContext().maxMessageLength(1_000).pullCapacity(4_096);
        try (Transport transport = transport(pulled)) {
            final Hearing hearing = new Hearing();
            final Connection subscriber = connect(transport, "aeron:ipc?stream-id=90&role=subscribe", hearing);
            try (Aeron aeron = aeron()) {
                final List<ExclusivePublication> publishers = publishers(aeron);
                for (int i = 0; i < 20; i++) {
                    publishers.forEach(publisher -> publish(publisher, 900));
                }
                final AtomicInteger pulls = new AtomicInteger();
                Await.until(() -> subscriber.poll((buffer, offset, length) -> pulls.incrementAndGet(), 10) < 0
                        || pulls.get() == 20 * PUBLISHERS
                        || hearing.closed.isDone());
                assertEquals(20 * PUBLISHERS, pulls.get());
            }
        }
    }

    @Test
    void shouldNotCountAsFlushedWhatAPublisherHasClaimedAndNeverSent() throws Exception {
        try (Transport transport =
                transport(new ConnectionContext().closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(600)))) {
            connect(transport, "aeron:ipc?stream-id=85&role=subscribe", new Hearing());
            final Hearing publishing = new Hearing();
            final Connection publisher = connect(transport, "aeron:ipc?stream-id=85&role=publish", publishing);
            assertTrue(publish(publisher, 0) > 0);
            assertEquals(0, publisher.tryClaim(100, publisher.newClaim()));
            publisher.close();
            final CloseReport report = publishing.closed.get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(List.of(2L, 1L, 1L), List.of(report.accepted(), report.flushed(), report.undelivered()));
        }
    }

    @Test
    void shouldNameWhatIsWrongWithARole() {
        try (Transport transport = transport(new ConnectionContext())) {
            for (final String uri : List.of(
                    "aeron:ipc?role=both",
                    "aeron:ipc?fc=max",
                    "aeron:udp?role=publish",
                    "aeron:udp?role=publish&endpoint=x")) {
                final var refused = assertThrows(
                        IllegalArgumentException.class, () -> transport.connect(URI.create(uri), new Hearing()));
                assertTrue(refused.getMessage().contains("uri=" + uri), refused.getMessage());
            }
            final var refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> transport.listen(URI.create("aeron:ipc?role=publish"), Hearing::new));
            assertTrue(refused.getMessage().contains("uri=aeron:ipc?role=publish"), refused.getMessage());
        }
    }
}
