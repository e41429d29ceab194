package io.millrace.transport.agent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link PullEndStress} with a puller that looks for messages first, and for the end then. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "too early for both")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the message")
@Outcome(expect = Expect.FORBIDDEN, desc = "closed, and the message is lost")
@State
public class PullEndWeakened {
    private static final int CLOSED = -4;

    private volatile int messages;
    private volatile boolean ended;

    /** Hands the last message over, and ends. */
    @Actor
    public void connection() {
        messages = 1;
        ended = true;
    }

    /** Pulls once. */
    @Actor
    public void puller(final I_Result result) {
        final int read = messages;
        result.r1 = read == 0 && ended ? CLOSED : read;
    }
}
