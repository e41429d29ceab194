package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Many seeds of {@link ConnectionSimulation}: so many as {@code millrace.simulation.seeds} says. A failing seed is in the
 * message; {@code -Dmillrace.simulation.seed=N} plays that one alone.
 */
class ConnectionSimulationTest {
    private static final long FIRST_SEED = 5_000_000_000L;
    private static final int DEFAULT_SEEDS = 2000;

    /** From so many seeds on, every danger must have been met. */
    private static final int ENOUGH_SEEDS = 1000;

    private final BufferPool buffers = new BufferPool();
    private final SimulationTally tally = new SimulationTally();

    @Test
    void shouldKeepEveryInvariantWhateverTheSeedDecides() {
        final Long only = Long.getLong("millrace.simulation.seed");
        if (only != null) {
            run(only);
            return;
        }
        final int seeds = Integer.getInteger("millrace.simulation.seeds", DEFAULT_SEEDS);
        for (int i = 0; i < seeds; i++) {
            run(FIRST_SEED + i);
        }
        if (seeds >= ENOUGH_SEEDS) {
            assertAll(Stream.of(
                            "LOCAL_CLOSE",
                            "LOCAL_ABORT",
                            "TRANSPORT_CLOSE",
                            "PEER_CLOSE",
                            "PEER_RESET",
                            "TRUNCATED",
                            "CLOSE_TIMEOUT",
                            "CONNECT_FAILED",
                            "CONNECT_TIMEOUT",
                            "HEARTBEAT_LOST",
                            "HALF_CLOSE_TIMEOUT",
                            "pulled",
                            "SLOW_CONSUMER",
                            "HANDLER_ERROR",
                            "in peace",
                            "half-closed",
                            "peer ended",
                            "back pressure",
                            "writable",
                            "retired",
                            "grown",
                            "aborted",
                            "passed over",
                            "heartbeats",
                            "idle")
                    .map(this::isMet));
        }
    }

    private Executable isMet(final String danger) {
        return () -> assertTrue(tally.of(danger) > 0, () -> "never met: " + danger + " tally=" + tally);
    }

    private void run(final long seed) {
        try {
            new ConnectionSimulation(seed, buffers, tally).run();
        } catch (final AssertionError | RuntimeException ex) {
            throw new AssertionError(
                    "seed=" + seed + " (replay with -Dmillrace.simulation.seed=" + seed + "): " + ex.getMessage(), ex);
        }
    }
}
