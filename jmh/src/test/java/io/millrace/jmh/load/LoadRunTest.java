package io.millrace.jmh.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.connection.Fleet;
import io.millrace.jmh.connection.Fleets;
import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Security;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the rig tells the truth of peers that are in memory, and of real ones that messages get through. */
@Timeout(120)
class LoadRunTest {
    private static final int LENGTH = 64;
    private static final long STALL_MS = 300;

    @TempDir
    private Path folder;

    private static LoadPlan plan(final String peer, final Security security, final int connections) {
        return new LoadPlan(
                "",
                peer,
                security,
                connections,
                Math.min(2, connections),
                LENGTH,
                List.of(1_000.0),
                false,
                0,
                1,
                1,
                false);
    }

    /** Hands messages straight to the receiver; what happens to each is the test's. */
    private static Fleet.Factory direct(final Link.Receiver wire) {
        return (servers, clients) -> new Fleet() {
            private final Supplier<Link.Receiver> atServer = servers;

            @Override
            public Link.Sender connect() {
                final Link.Receiver server = atServer.get();
                return (source, offset, length) -> {
                    wire.onMessage(source, offset, length, null);
                    server.onMessage(source, offset, length, null);
                    return true;
                };
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void shouldChargeAStallToAllThatWasDueMeanwhile() throws Exception {
        final int[] sent = new int[1];
        final Fleet.Factory stalling = direct((buffer, offset, length, reply) -> {
            if (++sent[0] == 500) {
                final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STALL_MS);
                while (System.nanoTime() - untilNs < 0) {
                    LockSupport.parkNanos(untilNs - System.nanoTime());
                }
            }
        });
        final IntervalLog intervals = new IntervalLog();
        try (LoadRun run = new LoadRun(plan("stalling", Security.PLAIN, 1), stalling)) {
            final LoadStep step = run.step(1_000, 1_200, intervals);
            assertTrue(step.max() >= STALL_MS * 1_000, step.row());
        }
        // One message in 1 ms was due: the later, the less each was late.
        final long late = intervals(intervals)
                .getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(60));
        assertTrue(late >= 190, "late=" + late);
    }

    @Test
    void shouldSayThatTheRateWasNotHeldWhenTheSenderIsHeldUp() throws Exception {
        final Fleet.Factory slow = direct((buffer, offset, length, reply) -> LockSupport.parkNanos(5_000_000));
        try (LoadRun run = new LoadRun(plan("slow", Security.PLAIN, 1), slow)) {
            final IntervalLog intervals = new IntervalLog();
            final LoadStep step = run.step(1_000, 400, intervals);
            assertFalse(step.held(), step.row());
            // Those that were never sent count, too: all that were due after the lead-in of 200 ms.
            assertEquals(200, intervals(intervals).getTotalCount());
            assertEquals(400, step.scheduled());
            assertTrue(step.sent() < 150, step.row());
            assertTrue(step.row().endsWith("NOT HELD"), step.row());
        }
    }

    @Test
    void shouldFailTheRunWhenAMessageIsTorn() throws Exception {
        final int[] sent = new int[1];
        final Fleet.Factory tearing = direct((buffer, offset, length, reply) -> {
            if (++sent[0] == 5) {
                buffer.put(offset + 20, (byte) (buffer.get(offset + 20) ^ 1));
            }
        });
        try (LoadRun run = new LoadRun(plan("tearing", Security.PLAIN, 1), tearing)) {
            final Exception ex =
                    assertThrows(IllegalStateException.class, () -> run.step(1_000, 400, new IntervalLog()));
            assertTrue(ex.getMessage().contains("lost, torn or out of order"), ex.getMessage());
        }
    }

    @Test
    void shouldFailTheRunWhenAMessageGoesToTheWrongConnection() throws Exception {
        final Link.Receiver[] last = new Link.Receiver[1];
        final Fleet.Factory crossing = (servers, clients) -> new Fleet() {
            @Override
            public Link.Sender connect() {
                final Link.Receiver server = servers.get();
                final Link.Receiver other = last[0] == null ? server : last[0];
                last[0] = server;
                return new Link.Sender() {
                    private int sent;

                    @Override
                    public boolean offer(final ByteBuffer source, final int offset, final int length)
                            throws IOException {
                        (++sent == 5 ? other : server).onMessage(source, offset, length, null);
                        return true;
                    }
                };
            }

            @Override
            public void close() {}
        };
        final LoadPlan one =
                new LoadPlan("", "crossing", Security.PLAIN, 2, 1, LENGTH, List.of(1_000.0), false, 0, 1, 1, false);
        try (LoadRun run = new LoadRun(one, crossing)) {
            assertThrows(IllegalStateException.class, () -> run.step(1_000, 400, new IntervalLog()));
        }
    }

    @ParameterizedTest
    @CsvSource({"millrace, TLS", "baseline-netty-nio-best, PLAIN", "baseline-socket, PLAIN"})
    void shouldCarryWhatIsScheduledAndLogIt(final String peer, final Security security) throws Exception {
        final LoadPlan plan = plan(peer, security, 3);
        try (LoadRun run = LoadRun.of(plan)) {
            for (int step = 0; step < 2; step++) {
                final IntervalLog intervals = new IntervalLog();
                final LoadStep result = run.step(1_000, 400, intervals);
                assertTrue(result.received() > 0 && result.sent() <= result.scheduled(), result.row());
                assertEquals(0, result.rate() - 1_000);
                intervals.write(folder, plan.name(1_000));
                final Histogram logged = read(folder.resolve(plan.name(1_000) + ".hlog"));
                // All that was sent but the lead-in of 200 ms.
                assertTrue(logged.getTotalCount() >= result.sent() - 200, result.row());
                assertEquals(result.max(), logged.getMaxValue() / 1e3);
                assertTrue(Files.readString(folder.resolve(plan.name(1_000) + ".hdr"))
                        .contains("#[Max"));
            }
            assertTrue(run.step(0, 300, new IntervalLog()).messagesPerS() > 1_000);
        }
    }

    private static LoadPlan apart(final String peer) {
        return new LoadPlan("", peer, Security.PLAIN, 3, 1, LENGTH, List.of(1_000.0), false, 0, 1, 1, true);
    }

    @ParameterizedTest
    @CsvSource({"millrace", "baseline-netty-nio"})
    void shouldCountAndTimeTheSameWithAServerInItsOwnJvm(final String peer) throws Exception {
        try (LoadRun run = LoadRun.of(apart(peer))) {
            for (int step = 0; step < 2; step++) {
                final IntervalLog intervals = new IntervalLog();
                final LoadStep result = run.step(1_000, 500, intervals);
                assertTrue(result.serverJvm() && result.received() > 0, result.row());
                assertTrue(result.sent() > 0 && result.sent() <= 500, result.row());
                // All that were due but the lead-in of 200 ms: those that were sent are timed there, the others here.
                assertEquals(300, intervals(intervals).getTotalCount());
                assertTrue(result.max() > 0 && result.max() < 10e6, result.row());
                assertTrue(result.cpuUsPerMessage() > 0, result.row());
            }
        }
    }

    @Test
    void shouldAddWhatTheServersJvmUses() throws Exception {
        try (ServerJvm server = new ServerJvm(apart("millrace"))) {
            final Usage usage = server.usage();
            assertTrue(usage.cpuNs() > 0 && usage.allocatedBytes() > 0, usage.toString());
            assertEquals(new Usage(3, 5, 7, 9), new Usage(1, 2, 3, 4).plus(new Usage(2, 3, 4, 5)));
        }
    }

    @ParameterizedTest
    @CsvSource({"torn", "lost", "twice"})
    void shouldFailTheRunWhenTheServersJvmGetsWhatIsWrong(final String what) throws Exception {
        final LoadPlan plan = apart("millrace");
        final ServerJvm server = new ServerJvm(plan);
        final int[] sent = new int[1];
        final Fleet wrong = clients(plan, server, sender -> (source, offset, length) -> {
            if (++sent[0] != 5) {
                return sender.offer(source, offset, length);
            }
            if ("torn".equals(what)) {
                source.put(offset + 20, (byte) (source.get(offset + 20) ^ 1));
            } else if ("twice".equals(what)) {
                sender.offer(source, offset, length);
            }
            return "lost".equals(what) || sender.offer(source, offset, length);
        });
        try (LoadRun run = new LoadRun(plan, server, wrong)) {
            final Exception ex =
                    assertThrows(IllegalStateException.class, () -> run.step(1_000, 400, new IntervalLog()));
            assertTrue(ex.getMessage().contains("the run failed: lost, torn or out of order"), ex.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"millrace", "baseline-netty-nio"})
    void shouldSayThatTheServersJvmHasEnded(final String peer) throws Exception {
        final LoadPlan plan = apart(peer);
        final ServerJvm server = new ServerJvm(plan);
        final int[] sent = new int[1];
        final Fleet deadly = clients(plan, server, sender -> (source, offset, length) -> {
            if (++sent[0] == 100) {
                servers().forEach(ProcessHandle::destroyForcibly);
            }
            return sender.offer(source, offset, length);
        });
        try (LoadRun run = new LoadRun(plan, server, deadly)) {
            final Exception ex = assertThrows(IOException.class, () -> run.step(1_000, 5_000, new IntervalLog()));
            assertEquals("the server's JVM has ended", ex.getMessage());
        }
    }

    /** Of real connections, whose senders are meddled with. */
    private static Fleet clients(final LoadPlan plan, final ServerJvm server, final UnaryOperator<Link.Sender> meddler)
            throws Exception {
        final Fleet real = Fleets.apart(plan.peer()).dial(server.port(), () -> (buffer, offset, length, reply) -> {});
        return new Fleet() {
            @Override
            public Link.Sender connect() throws Exception {
                return meddler.apply(real.connect());
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Test
    void shouldEndTheServersJvm() throws Exception {
        try (LoadRun run = LoadRun.of(apart("millrace"))) {
            run.step(0, 100, new IntervalLog());
            assertEquals(1, servers().count());
        }
        assertEquals(0, servers().count());
    }

    /** By the executable: a command line that is too long, as it is with all of the class path, is not told. */
    private static Stream<ProcessHandle> servers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"));
    }

    private Histogram intervals(final IntervalLog intervals) throws Exception {
        intervals.write(folder, "intervals");
        return read(folder.resolve("intervals.hlog"));
    }

    private static Histogram read(final Path log) throws Exception {
        final Histogram all = Latencies.empty();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            EncodableHistogram next = reader.nextIntervalHistogram();
            while (next != null) {
                all.add((Histogram) next);
                next = reader.nextIntervalHistogram();
            }
        }
        return all;
    }
}
