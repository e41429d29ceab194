package io.millrace.tests.session;

import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader is given the state, never a node of its history, while somebody asks for that history for the first time. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the state")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class StateNodeStress {
    private enum Phase {
        NEW
    }

    private static final StateEdges<Phase, Phase> EDGES = StateEdges.of(Phase.class);

    private final StateCell<Phase> cell = new StateCell<>(Phase.NEW, EDGES);

    /** Wants the history. */
    @Actor
    public void historian() {
        cell.cursor();
    }

    /** Reads. */
    @Actor
    public void reader(final I_Result result) {
        final Object seen = ((StateCell<?>) cell).value();
        result.r1 = seen == Phase.NEW ? 1 : 0;
    }
}
