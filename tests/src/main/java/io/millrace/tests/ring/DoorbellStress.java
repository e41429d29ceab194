package io.millrace.tests.ring;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import io.millrace.ring.Parker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Doorbell against park: either the consumer sees the claim, or the sender sees the sleeper. */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "saw the claim in time")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "slept and was woken")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "woken on the way to sleep")
@Outcome(expect = Expect.FORBIDDEN, desc = "sleeps for ever: a lost wake-up")
@State
public class DoorbellStress {
    private final ByteRing ring = new ManyToOneByteRing(64, 8, Memory.HEAP);
    private final Sleep sleep = new Sleep();
    private final Doorbell doorbell = new Doorbell(sleep);

    /** Asleep until the sender is through with it: by then it has rung or never will. */
    private static final class Sleep implements Parker {
        volatile boolean slept;
        volatile boolean woken;
        volatile boolean sent;

        @Override
        public void park(final long maxNs) {
            slept = true;
            while (!sent) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void unpark() {
            woken = true;
        }
    }

    /** Claims, then rings. */
    @Actor
    public void producer() {
        ring.commit(ring.tryClaim(Long.BYTES), Long.BYTES);
        doorbell.ring();
        sleep.sent = true;
    }

    /** Falls asleep if there is nothing. */
    @Actor
    public void consumer() {
        doorbell.sleep(() -> ring.isEmpty() ? Long.MAX_VALUE : 0);
    }

    /** What came of it. */
    @Arbiter
    public void end(final ZZ_Result result) {
        result.r1 = sleep.slept;
        result.r2 = sleep.woken;
    }
}
