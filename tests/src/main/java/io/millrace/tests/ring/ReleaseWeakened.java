package io.millrace.tests.ring;

import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * {@link ReleaseStress} with a plain head, which a compiler may store before the reads that precede it. Neither C2 nor x86
 * was seen to do so, so the copy does it itself: it gives the space away, then reads it.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "what was committed")
@Outcome(expect = Expect.FORBIDDEN, desc = "what was written into the space later")
@State
public class ReleaseWeakened {
    private final long[] heads = new long[1];
    private final long[] payload = new long[128];

    /** Fills the space. */
    public ReleaseWeakened() {
        Arrays.fill(payload, 1);
    }

    /** Writes into the space, if it is free. */
    @Actor
    public void producer() {
        if (heads[0] == 1) {
            payload[payload.length - 1] = 2;
        }
    }

    /** Releases, then reads. */
    @Actor
    public void consumer(final J_Result result) {
        heads[0] = 1;
        long most = 0;
        for (final long value : payload) {
            most = Math.max(most, value);
        }
        result.r1 = most;
    }
}
