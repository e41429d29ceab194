package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
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

    /** A handshake takes as long as some plain seeds. */
    private static final int PLAIN_FOR_ONE_OVER_TLS = 5;

    private static final int ENOUGH_SEEDS_OVER_TLS = 400;

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
                            "idle",
                            "ends in onOpen",
                            "ends in onMessage",
                            "ends in onWritable",
                            "ends in onSlowConsumer",
                            "ends in onIdle",
                            "ends in onPeerEnd")
                    .map(this::isMet));
        }
    }

    @Test
    void shouldKeepEveryInvariantOverTlsWhateverTheSeedDecides() {
        final SimulatedTls tls = new SimulatedTls();
        final Long only = Long.getLong("millrace.simulation.seed");
        if (only != null) {
            runOverTls(only, tls);
            return;
        }
        final int seeds = Integer.getInteger("millrace.simulation.seeds", DEFAULT_SEEDS) / PLAIN_FOR_ONE_OVER_TLS;
        for (int i = 0; i < seeds; i++) {
            runOverTls(FIRST_SEED + i, tls);
        }
        if (seeds >= ENOUGH_SEEDS_OVER_TLS) {
            assertAll(Stream.of(
                            "LOCAL_CLOSE",
                            "LOCAL_ABORT",
                            "PEER_CLOSE",
                            "PEER_RESET",
                            "TRUNCATED",
                            "CLOSE_TIMEOUT",
                            "HANDLER_ERROR",
                            "in peace",
                            "half-closed",
                            "peer ended",
                            "back pressure",
                            "writable",
                            "retired",
                            "pulled",
                            "heartbeats")
                    .map(this::isMet));
        }
    }

    private void runOverTls(final long seed, final SimulatedTls tls) {
        try {
            new ConnectionSimulation(seed, buffers, tally, Optional.of(tls)).run();
        } catch (final AssertionError | RuntimeException ex) {
            throw new AssertionError(
                    "over TLS: seed=" + seed + " (replay with -Dmillrace.simulation.seed=" + seed + "): "
                            + ex.getMessage(),
                    ex);
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
