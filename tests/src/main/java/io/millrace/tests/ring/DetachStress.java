package io.millrace.tests.ring;

import io.millrace.ring.ThreadParker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Detach against unpark: either the thread stays, or it is resumed by who sees all that it did. */
@JCStressTest
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "unparked first: it stays")
@Outcome(id = "true, 7", expect = Expect.ACCEPTABLE, desc = "detached and resumed")
@Outcome(expect = Expect.FORBIDDEN, desc = "never resumed, resumed beside itself, or without what it did")
@State
public class DetachStress {
    private final ThreadParker parker = new ThreadParker();
    private int written;
    private boolean detached;
    private int seen;

    /** Writes, then falls asleep without a thread. */
    @Actor
    public void sleeper() {
        written = 7;
        detached = parker.tryDetach(Long.MAX_VALUE, () -> seen += written);
    }

    /** Wakes it. */
    @Actor
    public void waker() {
        parker.unpark();
    }

    /** What came of it. */
    @Arbiter
    public void end(final ZI_Result result) {
        result.r1 = detached;
        result.r2 = seen;
    }
}
