package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StagesTest {
    @TempDir
    private Path folder;

    private static final String PERF = """
            sender-0
            \t7f1 long io.millrace.transport.agent.SendLane.attempt(java.nio.ByteBuffer, int, int) (/tmp/perf-1.map)
            \t7f2 void io.millrace.jmh.connection.OneWayHarness.send(io.millrace.jmh.connection.Payload) (/tmp/perf-1.map)

            sender-1
            \tfff __sched_yield (libc.so.6)
            \t7f2 boolean io.millrace.transport.agent.SendLane.offer(java.nio.ByteBuffer) (/tmp/perf-1.map)

            millrace-connec
            \tfff pvm_irq_enable ([kernel.kallsyms])
            \tffe ksys_write ([kernel.kallsyms])
            \t7f3 int io.millrace.transport.agent.ConnectionAgent.doWork() (/tmp/perf-1.map)

            C2 CompilerThre
            \t111 PhaseChaitin::Split (libjvm.so)

            millrace-connec
            \t7f4 int com.sun.crypto.provider.CounterMode.implCrypt(byte[], int) (/tmp/perf-1.map)
            \t7f5 int sun.security.ssl.SSLEngineImpl.unwrap(java.nio.ByteBuffer) (/tmp/perf-1.map)
            \t7f6 boolean io.millrace.transport.agent.Inbound.decode() (/tmp/perf-1.map)
            """;

    @Test
    void shouldSortStacksByTheFirstStageThatFits() {
        final Stages stages = new Stages();
        stages.read(PERF.lines().iterator());
        assertEquals(4, stages.samples());
        assertEquals(
                Map.of(
                        "sender: offer: claim, copy, commit", 25.0,
                        "sender: waiting for room: yield", 25.0,
                        "connection: socket write", 25.0,
                        "connection: cipher", 25.0),
                stages.percents());
    }

    /** What the Flight Recorder's frames are called, and a native method it can't look below. */
    @Test
    void shouldSortTheFlightRecordersFrames() {
        final Stages stages = new Stages();
        final String turn = "io.millrace.transport.agent.ConnectionAgent.doWork()";
        stages.add("millrace-connection-1", List.of("sun.nio.ch.FileDispatcherImpl.write0()", turn));
        stages.add("millrace-connection-1", List.of("sun.nio.ch.SocketDispatcher.read0()", turn));
        stages.add("millrace-connection-1", List.of("java.lang.Thread.yield()", turn));
        stages.add("sender-0", List.of("io.millrace.transport.agent.SendLane.offer()", "java.lang.Thread.run()"));
        assertEquals(
                Map.of(
                        "connection: socket write", 25.0,
                        "connection: socket read, in vain too", 25.0,
                        "connection: waiting: yield, park, poll", 25.0,
                        "sender: offer: claim, copy, commit", 25.0),
                stages.percents());
    }

    /** Java's frames, of senders and connections only, and no thread that sleeps in epoll. */
    @Test
    @Timeout(60)
    void shouldReadWhatTheFlightRecorderSaw() throws Exception {
        final Path file = folder.resolve("recording.jfr");
        final Stages stages = new Stages();
        try (Recording recording = new Recording();
                Selector selector = Selector.open()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(10));
            recording.start();
            final Thread asleep = new Thread(() -> sleep(selector), "millrace-listener");
            asleep.start();
            final Thread sender = new Thread(StagesTest::spin, "sender-0");
            final Thread other = new Thread(StagesTest::spin, "main-of-all");
            sender.start();
            other.start();
            sender.join();
            other.join();
            selector.wakeup();
            asleep.join();
            recording.stop();
            recording.dump(file);
        }
        stages.read(file);
        assertTrue(stages.samples() > 5, "samples=" + stages.samples());
        assertEquals(Map.of("sender: the benchmark itself", 100.0), stages.percents());
    }

    private static void sleep(final Selector selector) {
        try {
            selector.select();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static void spin() {
        final long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        double sum = 0;
        while (System.nanoTime() - untilNs < 0) {
            for (int i = 1; i < 10_000; i++) {
                sum += Math.sqrt(i) / i;
            }
        }
        assertTrue(sum > 0);
    }

    @Test
    void shouldKeepOneProfileWhenTheOtherCannotBeTaken() throws Exception {
        final List<HotPath.Profile> profiles = new ArrayList<>();
        final List<String> lines = new ArrayList<>();
        final HotPath.Sampler missing = () -> {
            throw new IOException("perf is missing");
        };
        HotPath.profile("one way", "perf", missing, profiles, lines::add);
        HotPath.profile("one way", "nobody", Stages::new, profiles, lines::add);
        final Stages stages = new Stages();
        stages.add("sender-0", List.of("io.millrace.transport.agent.SendLane.offer()"));
        HotPath.profile("one way", "Flight Recorder", () -> stages, profiles, lines::add);
        assertEquals(
                List.of(
                        "one way: no profile by perf: perf is missing",
                        "one way: no profile by nobody: it saw no sender and no connection"),
                lines);
        assertEquals(
                List.of(new HotPath.Profile(
                        "one way", "Flight Recorder", 1, Map.of("sender: offer: claim, copy, commit", 100.0))),
                profiles);
    }

    @Test
    void shouldCountAStackThatNothingIsKnownOf() {
        final Stages stages = new Stages();
        stages.add("millrace-connec", List.of());
        assertEquals(Map.of("connection: unknown", 100.0), stages.percents());
    }
}
