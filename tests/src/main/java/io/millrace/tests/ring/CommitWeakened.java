package io.millrace.tests.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * {@link CommitStress} with a plain mark. x86 keeps stores in order and loads in order; the compiler does not have to.
 */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not yet committed")
@Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "committed and whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "a mark without its payload")
@State
public class CommitWeakened {
    private final long[] marks = new long[1];
    private int payload;

    /** Writes. */
    @Actor
    public void producer() {
        payload = 42;
        marks[0] = 1;
    }

    /** Reads. */
    @Actor
    public void consumer(final J_Result result) {
        result.r1 = marks[0] == 1 ? payload : -1;
    }
}
