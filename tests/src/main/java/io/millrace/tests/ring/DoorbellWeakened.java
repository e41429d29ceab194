package io.millrace.tests.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link DoorbellStress} with release and acquire: both stores may still be on their way when both loads are done. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the consumer saw the claim")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the sender saw the sleeper")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
@Outcome(expect = Expect.FORBIDDEN, desc = "neither: a lost wake-up")
@State
@SuppressWarnings("UnusedVariable") // Through the VarHandles.
public class DoorbellWeakened {
    private static final VarHandle TAIL;
    private static final VarHandle ASLEEP;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(DoorbellWeakened.class, "tail", long.class);
            ASLEEP = lookup.findVarHandle(DoorbellWeakened.class, "asleep", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long tail;
    private boolean asleep;

    /** Claims, then rings. */
    @Actor
    public void producer(final ZZ_Result result) {
        TAIL.setRelease(this, 1L);
        result.r2 = (boolean) ASLEEP.getAcquire(this);
    }

    /** Falls asleep if there is nothing. */
    @Actor
    public void consumer(final ZZ_Result result) {
        ASLEEP.setRelease(this, true);
        result.r1 = (long) TAIL.getAcquire(this) == 1;
    }
}
