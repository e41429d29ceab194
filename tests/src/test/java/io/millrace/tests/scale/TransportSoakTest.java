package io.millrace.tests.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * {@link TransportSoak} for {@code millrace.soak.transport.seconds}: every accepted byte is accounted for, and nothing
 * grows. A failing seed again by {@code millrace.soak.seed}; the schedule of the threads is not repeated by it.
 */
class TransportSoakTest {
    private static final long SECONDS = Long.getLong("millrace.soak.transport.seconds", 10);
    private static final int LONGEST_REST_MS = SECONDS > 60 ? 1_000 : 20;

    @Test
    void shouldAccountForEveryByteAndHoldNoMoreThanBefore() throws Exception {
        final long seed = Long.getLong("millrace.soak.seed", System.nanoTime());
        System.out.println("soak: seed=" + seed + " seconds=" + SECONDS);
        final TransportSoak.Result result =
                new TransportSoak(seed, LONGEST_REST_MS).run(TimeUnit.SECONDS.toNanos(SECONDS));
        System.out.println("soak: " + result);
        assertEquals(List.of(), result.faults());
        assertEquals(List.of(), TransportSoak.growth(result));
        assertTrue(
                result.conversations().values().stream().allMatch(count -> count > 0),
                () -> "not all kinds were seen: " + result.conversations());
    }
}
