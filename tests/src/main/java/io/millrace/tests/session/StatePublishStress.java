package io.millrace.tests.session;

import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What was written before a move is seen by whoever sees the state after it. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "before the move")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "before the move, the rest early")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "after the move")
@Outcome(expect = Expect.FORBIDDEN, desc = "the state without what came before it")
@State
public class StatePublishStress {
    private enum Phase {
        NEW,
        OPEN
    }

    private static final StateEdges<Phase, Phase> EDGES =
            StateEdges.of(Phase.class).edge(Phase.NEW, Phase.OPEN);

    private final StateCell<Phase> cell = new StateCell<>(Phase.NEW, EDGES);
    private int before;

    /** Writes, then moves. */
    @Actor
    public void mover() {
        before = 1;
        cell.compareAndSet(Phase.NEW, Phase.OPEN);
    }

    /** Sees the state, then looks. */
    @Actor
    public void reader(final II_Result result) {
        result.r1 = cell.value() == Phase.OPEN ? 1 : 0;
        result.r2 = before;
    }
}
