package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.event.FlightRecord;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The last message and the end, against a puller. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "too early for both")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the message")
@Outcome(expect = Expect.FORBIDDEN, desc = "closed, and the message is lost")
@State
public class PullEndStress {
    private static final int LENGTH = 8;

    private final PullLane lane = new PullLane(
            64, LENGTH, new Doorbell(new ThreadParker()), new Doorbell(new ThreadParker()), new FlightRecord(1));
    private final ByteBuffer message = ByteBuffer.allocate(LENGTH);

    /** Hands the last message over, and ends. */
    @Actor
    public void connection() {
        lane.put(message, 0, LENGTH);
        lane.end();
    }

    /** Pulls once. */
    @Actor
    public void puller(final I_Result result) {
        result.r1 = lane.read((buffer, offset, length) -> {}, 10);
    }
}
