package io.millrace.transport.channel.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link DetachableStress} with a thread that has no fence between showing its selector and looking for the permit. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "found the permit, or is woken")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "sleeps, and is not woken")
@State
public class DetachableWeakened {
    private static final VarHandle SHOWN;

    static {
        try {
            SHOWN = MethodHandles.lookup().findVarHandle(DetachableWeakened.class, "shown", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private boolean shown;

    private volatile boolean permit;

    /** Sleeps for the first time. */
    @Actor
    public void sleeper(final II_Result result) {
        SHOWN.setOpaque(this, true);
        result.r1 = permit ? 0 : 1;
    }

    /** Wakes it. */
    @Actor
    public void waker(final II_Result result) {
        permit = true;
        result.r2 = (boolean) SHOWN.getVolatile(this) ? 1 : 0;
    }
}
