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

/** {@link RetireStress} with a ring that is replaced and not closed. */
@JCStressTest
@Outcome(id = "8, 16", expect = Expect.ACCEPTABLE, desc = "the sender was first")
@Outcome(id = "16, 8", expect = Expect.ACCEPTABLE, desc = "the consumer was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at one position")
@State
public class RetireWeakened {
    private static final int CAPACITY = 64;

    private final ByteBuffer message = ByteBuffer.allocate(Long.BYTES);
    private final AtomicReference<ByteRing> state =
            new AtomicReference<>(new ManyToOneByteRing(CAPACITY, Long.BYTES, Memory.HEAP));

    /** Offers. */
    @Actor
    public void sender(final JJ_Result result) {
        result.r1 = state.get().offer(message);
    }

    /** Puts the next ring in the place of the one it finds, and offers. */
    @Actor
    public void consumer(final JJ_Result result) {
        final ByteRing retired = state.get();
        state.set(new ManyToOneByteRing(CAPACITY, Long.BYTES, Memory.HEAP, retired.producerPosition()));
        result.r2 = state.get().offer(message);
    }
}
