package io.millrace.tests.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** {@link OverwriteStress} without fences: the check moves ahead of the copy, or the bytes ahead of the warning. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the first record")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "missed the first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a torn record, or another than the one asked for")
@State
public class OverwriteWeakened {
    private final long[] oldest = new long[1];
    private int first = 1;
    private int last = 1;

    /** Overwrites. */
    @Actor
    public void writer() {
        oldest[0] = 1;
        first = 2;
        last = 2;
    }

    /** Reads. */
    @Actor
    public void reader(final JJ_Result result) {
        final int copyOfFirst = first;
        final int copyOfLast = last;
        if (oldest[0] == 0) {
            result.r1 = copyOfFirst;
            result.r2 = copyOfLast;
        }
    }
}
