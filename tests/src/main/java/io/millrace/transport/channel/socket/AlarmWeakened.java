package io.millrace.transport.channel.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** {@link AlarmStress} with a poller that has no fence between saying that it has heard and reading the alarm. */
@JCStressTest
@Outcome(
        id = {"0, 1", "1, 1", "1, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "heard, or asked again")
@Outcome(expect = Expect.FORBIDDEN, desc = "the earlier alarm is lost")
@State
public class AlarmWeakened {
    private static final VarHandle ASKING;

    static {
        try {
            ASKING = MethodHandles.lookup().findVarHandle(AlarmWeakened.class, "asking", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private boolean asking = true;

    private volatile long alarmNs = 2;

    /** Wants the early one. */
    @Actor
    public void sleeper(final IJ_Result result) {
        alarmNs = 1;
        result.r1 = (boolean) ASKING.getAndSet(this, true) ? 0 : 1;
    }

    /** Hears what is asked. */
    @Actor
    public void poller(final IJ_Result result) {
        ASKING.setOpaque(this, false);
        result.r2 = alarmNs;
    }
}
