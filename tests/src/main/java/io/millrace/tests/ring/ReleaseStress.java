package io.millrace.tests.ring;

import io.millrace.ring.ByteRing;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** Release before reuse: the consumer's reads are over before a producer writes into the space. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "what was committed")
@Outcome(expect = Expect.FORBIDDEN, desc = "what was written into the space later")
@State
public class ReleaseStress {
    private final ByteRing ring = new ManyToOneByteRing(64, 64, Memory.HEAP);

    /** Fills the ring with one record. */
    public ReleaseStress() {
        put(1);
    }

    private void put(final long value) {
        final long claim = ring.tryClaim(64);
        if (claim >= 0) {
            ring.buffer().putLong(ring.offset(claim), value);
            ring.commit(claim, 64);
        }
    }

    /** Writes into the space, if it is free. */
    @Actor
    public void producer() {
        put(2);
    }

    /** Reads. */
    @Actor
    public void consumer(final J_Result result) {
        ring.read((buffer, offset, length) -> result.r1 = buffer.getLong(offset), 1);
    }
}
