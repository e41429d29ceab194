package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One publisher, many subscribers, on one channel. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronPublishTest {
    /** How far to be ahead of those that hear at most: less than any window. */
    private static final int AHEAD = 100;

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

    private Transport transport(final ConnectionContext settings) {
        return new Transport(new TransportContext()
                .connectionContext(settings)
                .messageScheme(new AeronScheme(new AeronContext()
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
