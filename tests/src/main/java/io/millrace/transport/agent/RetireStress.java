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
 * A sender that may have loaded the ring already, against the consumer that retires it and then sends, too: the two
 * messages lie one behind the other, and both are read.
 */
@JCStressTest
@Outcome(id = "8, 16, 2", expect = Expect.ACCEPTABLE, desc = "the sender was first")
@Outcome(id = "16, 8, 2", expect = Expect.ACCEPTABLE, desc = "the consumer was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at one position, or one is lost")
@State
public class RetireStress {
    private final ByteBuffer message = ByteBuffer.allocate(Long.BYTES);
    private final RingCell cell = new RingCell(64, Long.BYTES, Memory.HEAP);

    /** Begins with a ring. */
    public RetireStress() {
        cell.active();
    }

    private long offer() {
        long position = ByteRing.CLOSED;
        while (position == ByteRing.CLOSED) {
            position = cell.active().offer(message);
        }
        return position;
    }

    /** Offers. */
    @Actor
    public void sender(final JJJ_Result result) {
        result.r1 = offer();
    }

    /** Retires the ring that it finds, and offers. */
    @Actor
    public void consumer(final JJJ_Result result) {
        cell.retire();
        result.r2 = offer();
    }

    /** Reads all. */
    @Arbiter
    public void rest(final JJJ_Result result) {
        while (!cell.isEmpty()) {
            cell.readable().read((buffer, offset, length) -> {}, Integer.MAX_VALUE);
        }
        result.r3 = cell.readRecords();
    }
}
