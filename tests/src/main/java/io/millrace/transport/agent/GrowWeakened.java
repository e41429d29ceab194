package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** {@link GrowStress} with a small ring that is closed only when the larger one is there. */
@JCStressTest
@Outcome(id = "8, 56", expect = Expect.ACCEPTABLE, desc = "the short one was first")
@Outcome(id = "56, 48", expect = Expect.ACCEPTABLE, desc = "the long one was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at one position")
@State
public class GrowWeakened {
    private static final int LONG_LENGTH = 48;

    private final ByteBuffer shortOne = ByteBuffer.allocate(Long.BYTES);
    private final ByteBuffer longOne = ByteBuffer.allocate(LONG_LENGTH);
    private final AtomicReference<ByteRing> state =
            new AtomicReference<>(new ManyToOneByteRing(64, LONG_LENGTH, Memory.HEAP));

    /** Offers what the small ring takes. */
    @Actor
    public void small(final JJ_Result result) {
        long position = ByteRing.CLOSED;
        while (position == ByteRing.CLOSED) {
            position = state.get().offer(shortOne);
        }
        result.r1 = position;
    }

    /** Puts a larger ring in the place of the one it finds, and offers. */
    @Actor
    public void large(final JJ_Result result) {
        final ByteRing small = state.get();
        state.set(new ManyToOneByteRing(512, LONG_LENGTH, Memory.HEAP, small.producerPosition()));
        small.close();
        result.r2 = state.get().offer(longOne);
    }
}
