package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.tests.Await;
import io.millrace.tests.scenario.Ends.Design;
import io.millrace.tests.scenario.Ends.Party;
import io.millrace.tests.scenario.LockedEnds.Fault;
import io.millrace.tests.tls.EngineKind;
import io.millrace.tests.tls.TestAuthority;
import io.millrace.transport.CloseReason;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** FAULTS 5: what is sent from inside a receive waits for nothing that the receive holds, and a silence is no message. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SendFromReceiveTest {
    private static final long DEADLINE_S = 30;
    private static final int EXCHANGES = 5_000;
    private static final int SENDERS = 8;
    private static final int PER_SENDER = 1_000;
    private static final byte[] PING = {LockedEnds.CONTROL};
    private static final byte[] ACKNOWLEDGED = {'a'};
    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue("localhost");
    }

    /** What the schedules run over. */
    enum Over {
        TCP,
        TLS_13,
        TLS_12,
        CONSCRYPT,
        AERON_IPC,
        AERON_UDP;

        /** Those that run in any JVM, or those of {@code millrace.schemes}. */
        static Stream<Over> here() {
            final boolean aeron = System.getProperty("millrace.schemes", "").contains("aeron");
            return Arrays.stream(values()).filter(over -> aeron == over.name().startsWith("AERON"));
        }

        Design design() throws Exception {
            return switch (this) {
                case TCP -> TransportEnds.over("tcp://localhost:0");
                case AERON_IPC -> TransportEnds.over("aeron:ipc");
                case AERON_UDP -> TransportEnds.over("aeron:udp?endpoint=localhost:0");
                case TLS_13 -> tls(EngineKind.JDK, "TLSv1.3");
                case TLS_12 -> tls(EngineKind.JDK, "TLSv1.2");
                case CONSCRYPT -> tls(EngineKind.CONSCRYPT, "TLSv1.3");
            };
        }

        private static Design tls(final EngineKind engines, final String protocol) throws Exception {
            assumeTrue(engines.missing().isEmpty(), () -> "SKIPPED: " + engines.missing());
            return TransportEnds.tls(engines.client(authority, protocol), engines.server(issued, protocol));
        }
    }

    // ---- a ping, answered inside the receive callback ----

    private static boolean answersWithinASecond(final Design design) throws Exception {
        final CompletableFuture<Void> answered = new CompletableFuture<>();
        final Party client = message -> {
            answered.complete(null);
            return null;
        };
        try (Ends ends = design.open(client, ping -> ping)) {
            ends.send(PING);
            answered.get(1, TimeUnit.SECONDS);
            return true;
        } catch (final TimeoutException ex) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.scenario.SendFromReceiveTest$Over#here")
    void shouldAnswerAPingInsideTheReceiveCallback(final Over over) throws Exception {
        assertTrue(answersWithinASecond(over.design()));
    }

    @Test
    void shouldDetectTheLockThatItsOwnReceiveHolds() throws Exception {
        assertFalse(answersWithinASecond(LockedEnds.with(Fault.ONE_LOCK)));
    }

    // ---- one thread sends while another receives and sends from its callback ----

    /** Whose threads wait for one another, or null when all exchanges are done. */
    private static long[] deadlockOf(final Design design) throws Exception {
        final AtomicInteger acknowledged = new AtomicInteger();
        final Party client = echo -> ACKNOWLEDGED;
        final Party server = message -> {
            if (message[0] == ACKNOWLEDGED[0]) {
                acknowledged.incrementAndGet();
                return null;
            }
            return message;
        };
        try (Ends ends = design.open(client, server)) {
            final Thread sender = sender(() -> {
                for (int i = 0; i < EXCHANGES; i++) {
                    ends.send(new byte[64]);
                }
            });
            long[] deadlock = null;
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
            while (deadlock == null && acknowledged.get() < EXCHANGES) {
                assertTrue(System.nanoTime() - deadlineNs < 0, () -> "acknowledged=" + acknowledged.get());
                deadlock = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
                Thread.yield();
            }
            sender.interrupt();
            sender.join();
            return deadlock;
        }
    }

    private interface Sending {
        void run() throws InterruptedException;
    }

    private static Thread sender(final Sending sending) {
        final Thread thread = new Thread(() -> {
            try {
                sending.run();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.scenario.SendFromReceiveTest$Over#here")
    void shouldFinishWhenOneThreadSendsWhileAnotherReceivesAndSends(final Over over) throws Exception {
        assertNull(deadlockOf(over.design()));
    }

    @Test
    void shouldDetectTwoLocksThatAreTakenInBothOrders() throws Exception {
        final long[] deadlock = deadlockOf(LockedEnds.with(Fault.TWO_LOCKS));
        assertNotNull(deadlock);
        assertEquals(2, deadlock.length);
    }

    // ---- three idle intervals ----

    /** Pings into each silence, and counts. */
    private static final class Pinger implements Party {
        final AtomicInteger pings = new AtomicInteger();
        final AtomicInteger pongs = new AtomicInteger();

        @Override
        public byte[] onMessage(final byte[] message) {
            assertEquals(1, message.length);
            pongs.incrementAndGet();
            return null;
        }

        @Override
        public byte[] onIdle() {
            pings.incrementAndGet();
            return PING;
        }
    }

    /** The pongs that came in three idle intervals, or -1 if the connection did not stay open. */
    private static int pongsInThreeSilences(final Design design) throws Exception {
        final Pinger pinger = new Pinger();
        try (Ends ends = design.open(pinger, ping -> ping)) {
            for (int i = 1; i <= 3; i++) {
                final int expected = i;
                ends.idle();
                Await.until(() -> pinger.pongs.get() == expected || !ends.isOpen());
                if (!ends.isOpen()) {
                    return -1;
                }
            }
            assertEquals(3, pinger.pings.get());
            return pinger.pongs.get();
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.scenario.SendFromReceiveTest$Over#here")
    void shouldStayOpenWithAPongForEachPingInThreeSilences(final Over over) throws Exception {
        assertEquals(3, pongsInThreeSilences(over.design()));
    }

    @Test
    void shouldDetectASilenceThatIsReadAsTheEnd() throws Exception {
        assertEquals(-1, pongsInThreeSilences(LockedEnds.with(Fault.SILENCE_AS_MESSAGE)));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.scenario.SendFromReceiveTest$Over#here")
    void shouldCloseOneIntervalAfterTheLastPingThatMayMiss(final Over over) throws Exception {
        final Pinger pinger = new Pinger();
        try (TransportEnds ends = (TransportEnds) over.design().open(pinger, ping -> null)) {
            for (int i = 1; i <= TransportEnds.MISSED_LIMIT; i++) {
                ends.idle();
                assertTrue(ends.isOpen());
                final int pings = i;
                Await.until(() -> pinger.pings.get() >= pings);
                assertEquals(i, pinger.pings.get());
            }
            ends.idle();
            assertEquals(CloseReason.HEARTBEAT_LOST, ends.report().reason());
            assertEquals(TransportEnds.MISSED_LIMIT, pinger.pings.get());
        }
    }

    // ---- eight senders and a pinger ----

    /** Says what is wrong with what came, in the order that it came. */
    private static final class Checker implements Party {
        final Queue<String> faults = new ConcurrentLinkedQueue<>();
        final AtomicInteger messages = new AtomicInteger();
        private final int[] next = new int[SENDERS];

        static byte[] message(final int sender, final int number) {
            final ByteBuffer message = ByteBuffer.allocate(5 + (sender * 37 + number * 11) % 300);
            message.put((byte) sender).putInt(number);
            while (message.hasRemaining()) {
                message.put((byte) (sender ^ number));
            }
            return message.array();
        }

        @Override
        public byte[] onMessage(final byte[] message) {
            if (message[0] == LockedEnds.CONTROL) {
                return message;
            }
            final int sender = message[0];
            if (sender < 0
                    || sender >= SENDERS
                    || !ByteBuffer.wrap(message(sender, next[sender])).equals(ByteBuffer.wrap(message))) {
                faults.add("sender=" + sender + " length=" + message.length);
            } else {
                next[sender]++;
            }
            messages.incrementAndGet();
            return null;
        }
    }

    /** What is wrong with what the server got from them; the pings all have to be answered, too. */
    private static List<String> faultsOf(final Design design) throws Exception {
        final Checker checker = new Checker();
        final AtomicInteger pongs = new AtomicInteger();
        final Party client = pong -> {
            pongs.incrementAndGet();
            return null;
        };
        final CountDownLatch all = new CountDownLatch(SENDERS + 1);
        try (Ends ends = design.open(client, checker)) {
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i <= SENDERS; i++) {
                final int id = i;
                threads.add(sender(() -> {
                    all.countDown();
                    all.await();
                    for (int number = 0; number < PER_SENDER; number++) {
                        ends.send(id == SENDERS ? PING : Checker.message(id, number));
                    }
                }));
            }
            Await.until(() -> !ends.isOpen()
                    || !checker.faults.isEmpty()
                    || (checker.messages.get() == SENDERS * PER_SENDER && pongs.get() == PER_SENDER));
            if (!ends.isOpen()) {
                checker.faults.add("a frame that is not whole");
            }
            for (final Thread thread : threads) {
                thread.interrupt();
                thread.join();
            }
        }
        return List.copyOf(checker.faults);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.scenario.SendFromReceiveTest$Over#here")
    void shouldCarryWholeFramesOfEightSendersAndAPinger(final Over over) throws Exception {
        assertEquals(List.of(), faultsOf(over.design()));
    }

    @Test
    void shouldDetectControlFramesInsideOthers() throws Exception {
        assertEquals(List.of("a frame that is not whole"), faultsOf(LockedEnds.with(Fault.CONTROL_ASIDE)));
    }
}
