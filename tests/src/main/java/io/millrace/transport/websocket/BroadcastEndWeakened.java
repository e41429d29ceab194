package io.millrace.transport.websocket;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link BroadcastEndStress} with a waker that looks for the last time before it says that it ends. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "published, and woken for it")
@Outcome(expect = Expect.FORBIDDEN, desc = "nobody was woken")
@State
public class BroadcastEndWeakened {
    private volatile boolean published;
    private volatile boolean ended;
    private volatile boolean woken;

    /** Publishes, and wakes by itself if nobody else does. */
    @Actor
    public void publisher(final ZZ_Result result) {
        published = true;
        result.r1 = true;
        if (ended) {
            woken = true;
        }
    }

    /** Looks, and ends. */
    @Actor
    public void waker() {
        if (published) {
            woken = true;
        }
        ended = true;
    }

    /** Whether the reader was woken. */
    @Arbiter
    public void reader(final ZZ_Result result) {
        result.r2 = woken;
    }
}
