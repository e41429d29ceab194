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

/** Payload before commit: whoever sees the mark sees the bytes. */
@JCStressTest
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not yet committed")
@Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "committed and whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "a mark without its payload")
@State
public class CommitStress {
    private final ByteRing ring = new ManyToOneByteRing(64, 8, Memory.HEAP);

    /** Writes. */
    @Actor
    public void producer() {
        final long claim = ring.tryClaim(Long.BYTES);
        ring.buffer().putLong(ring.offset(claim), 42);
        ring.commit(claim, Long.BYTES);
    }

    /** Reads. */
    @Actor
    public void consumer(final J_Result result) {
        result.r1 = -1;
        ring.read((buffer, offset, length) -> result.r1 = buffer.getLong(offset), 1);
    }
}
