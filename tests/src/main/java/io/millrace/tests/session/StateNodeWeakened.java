package io.millrace.tests.session;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * {@link StateNodeStress} with plain fields, which a compiler may store the other way round. x86 keeps stores in order, so the
 * copy does it itself: the node comes before the word that there may be one.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the state")
@Outcome(expect = Expect.FORBIDDEN, desc = "something else")
@State
public class StateNodeWeakened {
    private static final Object STATE = new Object();
    private static final Object[] NODE = {STATE};

    private Object current = STATE;
    private boolean nodesPossible;

    /** Wants the history. */
    @Actor
    public void historian() {
        current = NODE;
        nodesPossible = true;
    }

    /** Reads. */
    @Actor
    public void reader(final I_Result result) {
        final Object now = current;
        final Object seen = nodesPossible && now instanceof Object[] node ? node[0] : now;
        result.r1 = seen == STATE ? 1 : 0;
    }
}
