package io.millrace.jmh.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.transport.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The load of the live page, on real sockets: what its counters say is what happens. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveLoadTest {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    @TempDir
    Path folder;

    private DemoInput input;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(folder.resolve("input.txt"), "one\ntwo, which is longer\n\nfour");
        input = DemoInput.load(folder);
    }

    private static LiveCounts await(final LiveLoad load, final String what, final Predicate<LiveCounts> wanted) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        LiveCounts now = load.counts(0, 0);
        while (!wanted.test(now)) {
            assertTrue(System.nanoTime() - deadline < 0, what + ": " + now);
            LockSupport.parkNanos(LOOK_NS);
            now = load.counts(0, 0);
        }
        return now;
    }

    private static JsonObject json(final LiveSampler sampler, final LiveLoad load) {
        return JsonParser.parseString(
                        sampler.sample(load.counts(0, 0), load.roundTrips()).toJson())
                .getAsJsonObject();
    }

    @Test
    void shouldShowBackPressureWhenTheServerDoesNotRead() throws Exception {
        try (LiveLoad load = new LiveLoad(input, "tls")) {
            load.start();
            await(load, "no message", counts -> counts.messages() > 1_000);
            load.server().connections().forEach(Connection::pauseReading);
            final LiveCounts paused = load.counts(0, 0);
            final LiveSampler sampler = new LiveSampler(paused, 4);
            final LiveCounts full =
                    await(load, "no back pressure", counts -> counts.backPressured() > paused.backPressured());
            final JsonObject sample = json(sampler, load);

            assertTrue(sample.get("backPressureRate").getAsDouble() > 0, sample.toString());
            load.server().connections().forEach(Connection::resumeReading);
            await(load, "no message any more", counts -> counts.messages() > full.messages() + 10_000);
            load.end();
            assertEquals(0, load.lost());
            assertEquals(0, load.counts(0, 0).corrupted());
        }
    }

    @Test
    void shouldMeasureRoundTripsAndCountVisitorsThatResume() throws Exception {
        try (LiveLoad load = new LiveLoad(input, "tls")) {
            final LiveSampler sampler = new LiveSampler(load.counts(0, 0), 4);
            load.start();
            final LiveCounts counts = await(load, "nobody resumed", now -> now.resumed() >= 3);
            final JsonObject sample = json(sampler, load);

            assertTrue(counts.connections() >= 3 && counts.opened() >= 5, counts.toString());
            assertTrue(sample.get("resumedRate").getAsDouble() > 0, sample.toString());
            assertTrue(sample.get("fullRate").getAsDouble() >= 0, sample.toString());
            final JsonObject trips = sample.getAsJsonObject("roundTrip");
            assertTrue(trips.get("count").getAsLong() > 0, sample.toString());
            assertTrue(trips.get("p50").getAsLong() > 1_000, sample.toString());
            assertTrue(trips.get("p99").getAsLong() >= trips.get("p50").getAsLong(), sample.toString());
        }
    }

    @Test
    void shouldResumeNothingWithoutTls() throws Exception {
        try (LiveLoad load = new LiveLoad(input, "tcp")) {
            load.start();
            final LiveCounts counts = await(load, "no visitors", now -> now.opened() >= 5 && now.messages() > 1_000);

            assertEquals(0, counts.resumed());
            assertTrue(load.tls().isEmpty());
            assertTrue(load.isRunning());
            load.end();
            assertEquals(0, load.lost());
        }
    }
}
