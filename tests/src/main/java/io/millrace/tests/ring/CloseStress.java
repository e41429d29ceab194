package io.millrace.tests.ring;

import io.millrace.ring.ByteRing;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Close against offer: what {@code close()} left behind it is all there will ever be. */
@JCStressTest
@Outcome(id = "8, 1", expect = Expect.ACCEPTABLE, desc = "accepted before the close")
@Outcome(id = "-4, 0", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "accepted after the close, or counted and refused")
@State
public class CloseStress {
    private final ByteRing ring = new ManyToOneByteRing(64, 8, Memory.HEAP);

    /** Offers. */
    @Actor
    public void producer(final JJ_Result result) {
        final long claim = ring.tryClaim(Long.BYTES);
        result.r1 = claim < 0 ? claim : ring.commit(claim, Long.BYTES);
    }

    /** Closes, then counts. */
    @Actor
    public void closer(final JJ_Result result) {
        ring.close();
        result.r2 = ring.claimedRecords();
    }
}
