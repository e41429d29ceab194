package io.millrace.tests.ring;

import io.millrace.ring.BroadcastHandler;
import io.millrace.ring.BroadcastReader;
import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A broadcast's record, overwritten while it is read: whole, or reported as missed. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the first record")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "missed the first, read the second")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "missed the first, and the second is not yet there")
@Outcome(expect = Expect.FORBIDDEN, desc = "a torn record")
@State
public class OverwriteStress {
    private final BroadcastRing ring = new BroadcastRing(64, 64, Memory.HEAP);
    private final BroadcastReader reader = ring.newReader();

    /** Fills the ring with one record. */
    public OverwriteStress() {
        put(1);
    }

    private void put(final long value) {
        final ByteBuffer record = ByteBuffer.allocate(64);
        ring.offer(record.putLong(0, value).putLong(56, value));
    }

    /** Overwrites. */
    @Actor
    public void writer() {
        put(2);
    }

    /** Reads. */
    @Actor
    public void reader(final JJ_Result result) {
        reader.read(
                new BroadcastHandler() {
                    @Override
                    public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
                        result.r1 = buffer.getLong(offset);
                        result.r2 = buffer.getLong(offset + 56);
                    }

                    @Override
                    public void onMissed(final long records, final long bytes) {}
                },
                1);
    }
}
