package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/**
 * A sender that may have loaded the small ring already, against another whose message needs a larger one: the two messages
 * lie one behind the other, and both are read, in that order.
 */
@JCStressTest
@Outcome(id = "8, 56, 848", expect = Expect.ACCEPTABLE, desc = "the short one was first")
@Outcome(id = "56, 48, 4808", expect = Expect.ACCEPTABLE, desc = "the long one was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at one position, or one is lost, or out of order")
@State
public class GrowStress {
    private static final int LONG_LENGTH = 48;

    private final ByteBuffer shortOne = ByteBuffer.allocate(Long.BYTES);
    private final ByteBuffer longOne = ByteBuffer.allocate(LONG_LENGTH);
    private final RingCell cell = new RingCell(64, 512, LONG_LENGTH, Memory.HEAP);
    private long seen;

    /** Begins with a small ring. */
    public GrowStress() {
        cell.active();
    }

    private long offer(final ByteBuffer message) {
        while (true) {
            final ByteRing ring = cell.active();
            final long position = ring.offer(message);
            if (position >= 0) {
                return position;
            }
            if (position != ByteRing.CLOSED) {
                cell.grow(ring, message.remaining());
            }
        }
    }

    /** Offers what the small ring takes. */
    @Actor
    public void small(final JJJ_Result result) {
        result.r1 = offer(shortOne);
    }

    /** Offers what it does not take. */
    @Actor
    public void large(final JJJ_Result result) {
        result.r2 = offer(longOne);
    }

    /** Reads all; the lengths, two digits each. */
    @Arbiter
    public void rest(final JJJ_Result result) {
        while (!cell.isEmpty()) {
            cell.readable().read((buffer, offset, length) -> seen = 100 * seen + length, Integer.MAX_VALUE);
        }
        result.r3 = seen;
    }
}
