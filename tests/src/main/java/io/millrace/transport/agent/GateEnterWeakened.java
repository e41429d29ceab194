package io.millrace.transport.agent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link GateEnterStress} with a sender that has no fence between its entering and its look. */
@JCStressTest
@Outcome(
        id = {"0, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "all that was accepted")
@Outcome(expect = Expect.FORBIDDEN, desc = "the closer has missed a sender")
@State
public class GateEnterWeakened {
    private static final VarHandle ENTERED;
    private static final VarHandle LEFT;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            ENTERED = lookup.findVarHandle(GateEnterWeakened.class, "entered", int.class);
            LEFT = lookup.findVarHandle(GateEnterWeakened.class, "left", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private int entered;

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private int left;

    private volatile boolean closed;

    /** Sends once. */
    @Actor
    public void sender(final II_Result result) {
        ENTERED.setOpaque(this, 1);
        if (closed) {
            ENTERED.setOpaque(this, 0);
        } else {
            result.r1 = 1;
            LEFT.setRelease(this, 1);
        }
    }

    /** Closes, waits until all are out, and counts. */
    @Actor
    public void closer(final II_Result result) {
        closed = true;
        while ((int) ENTERED.getVolatile(this) != (int) LEFT.getAcquire(this)) {
            Thread.onSpinWait();
        }
        result.r2 = (int) LEFT.getAcquire(this);
    }
}
