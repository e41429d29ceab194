package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;

class PhasedIdleStrategyTest {
    private static final class Recording implements IdleStrategy {
        final List<String> calls = new ArrayList<>();

        @Override
        public void idle(final int workCount) {
            calls.add("idle " + workCount);
        }

        @Override
        public void idle() {
            calls.add("idle");
        }

        @Override
        public void reset() {
            calls.add("reset");
        }
    }

    private final Recording hurried = new Recording();
    private boolean hurries;

    /** A strategy that learns from when work comes has to hear of it. */
    @Test
    void shouldTellTheOtherStrategyOfWorkWhetherItHurriesOrNot() {
        final Doorbell doorbell = new Doorbell(new ThreadParker());
        final PhasedIdleStrategy phased = new PhasedIdleStrategy(hurried, () -> hurries, doorbell, () -> 0);
        phased.idle(3);
        phased.idle(0);
        hurries = true;
        phased.idle(0);
        phased.idle(2);

        assertEquals(List.of("idle 3", "reset", "idle", "idle 2"), hurried.calls);
    }
}
