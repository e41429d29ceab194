package io.millrace.tests.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** {@link DetachStress} with a look and a store in place of the exchanges: both may find nothing of each other. */
@JCStressTest
@Outcome(id = "false, 0", expect = Expect.ACCEPTABLE, desc = "unparked first: it stays")
@Outcome(id = "true, 7", expect = Expect.ACCEPTABLE, desc = "detached and resumed")
@Outcome(expect = Expect.FORBIDDEN, desc = "never resumed")
@State
@SuppressWarnings("UnusedVariable") // Through the VarHandle.
public class DetachWeakened {
    private static final Object PERMIT = new Object();
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(DetachWeakened.class, "word", Object.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private Object word;
    private int written;
    private boolean detached;
    private int seen;

    /** Writes, then falls asleep without a thread. */
    @Actor
    public void sleeper() {
        written = 7;
        if (WORD.getAcquire(this) == null) {
            final Runnable resume = () -> seen += written;
            WORD.setRelease(this, resume);
            detached = true;
        }
    }

    /** Wakes it. */
    @Actor
    public void waker() {
        final Object before = WORD.getAcquire(this);
        WORD.setRelease(this, PERMIT);
        if (before instanceof Runnable resume) {
            resume.run();
        }
    }

    /** What came of it. */
    @Arbiter
    public void end(final ZI_Result result) {
        result.r1 = detached;
        result.r2 = seen;
    }
}
