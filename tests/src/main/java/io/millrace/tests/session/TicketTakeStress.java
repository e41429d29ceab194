package io.millrace.tests.session;

import io.millrace.session.SessionCache;
import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One ticket, put by one of its two takers: the bytes are whole, and one taker has them. Two actors, for jcstress leaves
 * out what has more than the machine has cores.
 */
@JCStressTest
@Outcome(id = "7, 0, 0", expect = Expect.ACCEPTABLE, desc = "taken by the first")
@Outcome(id = "0, 7, 0", expect = Expect.ACCEPTABLE, desc = "taken by the second")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, lost, or taken twice")
@State
public class TicketTakeStress {
    private static final SessionKey KEY = SessionKey.builder("a", 443).build();

    private final SessionCache cache = new SessionCache(
            new SessionCacheContext().maxKeys(1).maxTicketsPerKey(1).maxTickets(1));

    private int take() {
        final TakenTicket taken = cache.take(KEY);
        return taken == null ? 0 : taken.spendBytes()[0];
    }

    /** Puts, and takes. */
    @Actor
    public void first(final III_Result result) {
        cache.put(KEY, new byte[] {7}, 60);
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
