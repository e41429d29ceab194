package io.millrace.tests.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** {@link ReleaseStress} with a plain head: the compiler may read the payload after it has given the space away. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "what was committed")
@Outcome(expect = Expect.FORBIDDEN, desc = "what was written into the space later")
@State
public class ReleaseWeakened {
    private final long[] heads = new long[1];
    private int payload = 1;

    /** Writes into the space, if it is free. */
    @Actor
    public void producer() {
        if (heads[0] == 1) {
            payload = 2;
        }
    }

    /** Reads, then releases. */
    @Actor
    public void consumer(final J_Result result) {
        final int read = payload;
        heads[0] = 1;
        result.r1 = read;
    }
}
