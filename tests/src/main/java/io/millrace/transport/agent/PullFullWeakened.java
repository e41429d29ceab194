package io.millrace.transport.agent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link PullFullStress} without the fences: both stores may still be on their way when both loads are done. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the connection saw the room")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the puller saw that it is waited for")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
@Outcome(expect = Expect.FORBIDDEN, desc = "neither: a lost wake-up")
@State
@SuppressWarnings("UnusedVariable") // Through the VarHandles.
public class PullFullWeakened {
    private static final VarHandle HEAD;
    private static final VarHandle FULL;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(PullFullWeakened.class, "head", long.class);
            FULL = lookup.findVarHandle(PullFullWeakened.class, "full", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long head;
    private boolean full;

    /** Says that there is no room, then looks once more. */
    @Actor
    public void connection(final ZZ_Result result) {
        FULL.setOpaque(this, true);
        result.r1 = (long) HEAD.getAcquire(this) == 1;
    }

    /** Makes room, then looks who waits for it. */
    @Actor
    public void puller(final ZZ_Result result) {
        HEAD.setRelease(this, 1L);
        result.r2 = (boolean) FULL.getOpaque(this);
    }
}
