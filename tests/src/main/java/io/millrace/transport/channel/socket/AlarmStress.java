package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** A sleeper wants an earlier alarm while the poller hears of the first: it is heard, or asked for again. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "heard with the first question")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "heard, and asked again")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "asked again")
@Outcome(expect = Expect.FORBIDDEN, desc = "the earlier alarm is lost")
@State
public class AlarmStress {
    private static final long LATE_NS = 2;
    private static final long EARLY_NS = 1;

    private final Alarms alarms = new Alarms();
    private final Watch watch = new Watch(new Awake());

    /** Asks for the late alarm. */
    public AlarmStress() {
        alarms.set(watch, LATE_NS);
    }

    /** Wants the early one. */
    @Actor
    public void sleeper(final IJ_Result result) {
        result.r1 = alarms.set(watch, EARLY_NS) ? 1 : 0;
    }

    /** Hears what is asked. */
    @Actor
    public void poller(final IJ_Result result) {
        result.r2 = alarms.firstNs();
    }

    private static final class Awake implements Parker {
        @Override
        public void park(final long maxNs) {}

        @Override
        public void unpark() {}
    }
}
