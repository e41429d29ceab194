package io.millrace.tests.session;

import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** {@link TicketTakeStress} with a take of two steps: a look, then a removal. */
@JCStressTest
@Outcome(id = "7, 0, 0", expect = Expect.ACCEPTABLE, desc = "taken by the first")
@Outcome(id = "0, 7, 0", expect = Expect.ACCEPTABLE, desc = "taken by the second")
@Outcome(expect = Expect.FORBIDDEN, desc = "taken twice")
@State
public class TicketTakeWeakened {
    private final AtomicReference<byte[]> ticket = new AtomicReference<>();

    private int take() {
        final byte[] found = ticket.get();
        if (found == null) {
            return 0;
        }
        ticket.set(null);
        return found[0];
    }

    /** Puts, and takes. */
    @Actor
    public void first(final III_Result result) {
        ticket.set(new byte[] {7});
        result.r1 = take();
    }

    /** Takes, too. */
    @Actor
    public void second(final III_Result result) {
        result.r2 = take();
    }

    /** Takes what is left. */
    @Arbiter
    public void rest(final III_Result result) {
        result.r3 = take();
    }
}
