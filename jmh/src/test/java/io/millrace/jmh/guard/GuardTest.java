package io.millrace.jmh.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {
    private static final Others.Look ALONE = new Others.Look(0, 0, 0);
    private static final double[] PEERS = {10, 10, 10, 10, 10};

    private static Verdict verdict(final double... ours) {
        return Verdict.of("reading", "a lock", 4, ours, PEERS, 0);
    }

    /** Works at a rate of its own, or breaks. */
    private record Fake(long operations, Exception failure) implements Side {
        @Override
        public void start() {}

        @Override
        public long work() throws Exception {
            if (failure != null) {
                throw failure;
            }
            Thread.onSpinWait();
            return operations;
        }

        @Override
        public void stop() {}
    }

    @Test
    void shouldHoldWhenTheMedianIsHalfOfTheUsual() {
        final Verdict verdict = verdict(20, 20, 20, 20, 20);
        assertTrue(verdict.holds());
        assertEquals(2, verdict.median());
        assertFalse(verdict.row().contains("FAILED"), verdict.row());
    }

    @Test
    void shouldFailWhenTheMedianIsLess() {
        final Verdict verdict = verdict(19.9, 19.9, 19.9, 50, 50);
        assertFalse(verdict.holds());
        assertTrue(verdict.row().endsWith("FAILED"), verdict.row());
        assertEquals(
                "reading is 1.99 times a lock (1.99 to 5.00 in its rounds; 20 against 10 a second), usually 4.00: less than half",
                verdict.complaint());
    }

    @Test
    void shouldBearRoundsThatWereDisturbed() {
        assertTrue(verdict(1, 1, 30, 30, 30).holds());
        assertFalse(verdict(900, 900, 15, 15, 15).holds());
    }

    @Test
    void shouldCompareRoundByRound() {
        // The machine became ten times as fast between two rounds: for both.
        final Verdict verdict =
                Verdict.of("reading", "a lock", 4, new double[] {4, 4, 40, 40}, new double[] {1, 1, 10, 10}, 0);
        assertEquals(4, verdict.median());
        assertEquals(4, verdict.least());
        assertEquals(4, verdict.most());
    }

    @Test
    void shouldNotFailForWhatOthersDo() {
        final double[] slow = {10, 10, 10, 10, 10};
        assertTrue(Verdict.of("reading", "a lock", 4, slow, PEERS, 0.2).fails());
        final Verdict disturbed = Verdict.of("reading", "a lock", 4, slow, PEERS, 0.21);
        assertFalse(disturbed.holds());
        assertFalse(disturbed.fails());
        assertTrue(disturbed.row().endsWith("21.0  disturbed: says nothing"), disturbed.row());
    }

    @Test
    void shouldCountWhatOthersTake() {
        // user nice system idle iowait irq softirq steal guest
        assertEquals(10_000_000L * (1 + 2 + 4 + 32 + 64 + 128), Others.busyNs("cpu  1 2 4 8 16 32 64 128 1 0"));
        final Others.Look before = new Others.Look(0, 0, 0);
        assertEquals(0.25, Others.share(before, new Others.Look(1_000, 1_500, 1_000), 2));
        assertEquals(0, Others.share(before, new Others.Look(1_000, 900, 1_000), 2));
        assertEquals(1, Others.share(before, new Others.Look(1_000, 9_000, 1_000), 2));
        assertTrue(Others.look().ownNs() > 0);
    }

    @Test
    void shouldRefuseRoundsInWhichASideDidNothing() {
        final Exception ex = assertThrows(IllegalArgumentException.class, () -> verdict(20, 0, 20, 20, 20));
        assertTrue(ex.getMessage().contains("round=1 ours=0.0"), ex.getMessage());
        assertThrows(IllegalArgumentException.class, () -> verdict(20, Double.NaN, 20, 20, 20));
        assertThrows(IllegalArgumentException.class, () -> verdict(20));
    }

    @Test
    void shouldTellWhichRatiosFailedAndRunAllOfThem() {
        final Contest broken = new Contest(
                "breaking", "a lock", 1, new Fake(1, new IllegalStateException("lost=1")), new Fake(1, null));
        final Contest slow = new Contest("crawling", "a lock", 1_000_000, new Fake(1, null), new Fake(1, null));
        final Contest good = new Contest("flying", "a lock", 1, new Fake(1_000, null), new Fake(1, null));
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertFalse(Guard.run(
                List.of(broken, slow, good),
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                1_000_000,
                () -> ALONE));
        final String log = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(log.contains("FAILED: breaking broke: java.lang.IllegalStateException: lost=1"), log);
        assertTrue(log.contains("FAILED: crawling is "), log);
        assertFalse(log.contains("FAILED: flying"), log);
        assertTrue(log.contains("1 of 3 ratios did not fail"), log);
        assertTrue(
                Guard.run(List.of(good), new PrintStream(bytes, true, StandardCharsets.UTF_8), 1_000_000, () -> ALONE));
    }
}
