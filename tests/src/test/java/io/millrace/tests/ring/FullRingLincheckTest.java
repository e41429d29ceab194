package io.millrace.tests.ring;

import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** A many-to-one ring that two records fill: space is refused and reused, and the tail goes round. */
@Param(name = "thread", gen = ThreadIdGen.class)
public class FullRingLincheckTest {
    private final LincheckRing ring = new LincheckRing(new ManyToOneByteRing(64, 32, Memory.HEAP));

    @Operation
    public long claim(@Param(name = "thread") final int thread) {
        return ring.claim(thread, 30);
    }

    @Operation
    public long commit(@Param(name = "thread") final int thread) {
        return ring.commit(thread);
    }

    // One at a time: a read of several hands over what it found before it gives the space back.
    @Operation(nonParallelGroup = "consumer")
    public String read() {
        return ring.read(1);
    }

    @Operation
    public boolean close() {
        return ring.close();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass(), 3);
    }
}
