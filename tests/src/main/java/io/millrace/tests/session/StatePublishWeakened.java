package io.millrace.tests.session;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link StatePublishStress} with the state in a plain field, which a compiler may store before what precedes it. x86 keeps
 * stores in order, so the copy does it itself: it moves, then writes.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before the move")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "before the move, the rest early")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "after the move")
@Outcome(expect = Expect.FORBIDDEN, desc = "the state without what came before it")
@State
public class StatePublishWeakened {
    private int state;
    private int before;

    /** Moves, then writes. */
    @Actor
    public void mover() {
        state = 1;
        before = 1;
    }

    /** Sees the state, then looks. */
    @Actor
    public void reader(final II_Result result) {
        result.r1 = state;
        result.r2 = before;
    }
}
