package io.millrace.tests.ring;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** {@link CloseStress} with a flag beside the tail: looked at before the claim, set between the two. */
@JCStressTest
@Outcome(id = "8, 1", expect = Expect.ACCEPTABLE, desc = "accepted before the close")
@Outcome(id = "-4, 0", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "accepted after the close")
@State
public class CloseWeakened {
    private final AtomicLong tail = new AtomicLong();
    private volatile boolean closed;

    /** Offers. */
    @Actor
    public void producer(final JJ_Result result) {
        result.r1 = closed ? -4 : tail.incrementAndGet() * Long.BYTES;
    }

    /** Closes, then counts. */
    @Actor
    public void closer(final JJ_Result result) {
        closed = true;
        result.r2 = tail.get();
    }
}
