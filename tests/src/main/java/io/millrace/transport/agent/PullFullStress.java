package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.Parker;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.event.FlightRecord;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A connection that finds the pull ring full and sleeps, against a puller that makes room. */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "saw the room in time")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "slept and was woken")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "woken on the way to sleep")
@Outcome(expect = Expect.FORBIDDEN, desc = "sleeps for ever beside an empty ring: a lost wake-up")
@State
public class PullFullStress {
    private static final int LENGTH = 15;

    private final Sleep sleep = new Sleep();
    private final Doorbell connection = new Doorbell(sleep);
    private final PullLane lane =
            new PullLane(64, LENGTH, connection, new Doorbell(new ThreadParker()), new FlightRecord(1));
    private final ByteBuffer message = ByteBuffer.allocate(LENGTH);

    /** Leaves room for one message. */
    public PullFullStress() {
        for (int i = 0; i < 3; i++) {
            lane.put(message, 0, LENGTH);
        }
    }

    /** Asleep until the puller is through with it: by then it has rung or never will. */
    private static final class Sleep implements Parker {
        volatile boolean slept;
        volatile boolean woken;
        volatile boolean pulled;

        @Override
        public void park(final long maxNs) {
            slept = true;
            while (!pulled) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void unpark() {
            woken = true;
        }
    }

    /** Fills the ring, then falls asleep if there is no room. */
    @Actor
    public void connection() {
        if (!lane.put(message, 0, LENGTH)) {
            connection.sleep(() -> lane.isFull() ? Long.MAX_VALUE : 0);
        }
    }

    /** Pulls what is there. */
    @Actor
    public void puller() {
        lane.read((buffer, offset, length) -> {}, 10);
        sleep.pulled = true;
    }

    /** What came of it. */
    @Arbiter
    public void end(final ZZ_Result result) {
        result.r1 = sleep.slept;
        result.r2 = sleep.woken;
    }
}
