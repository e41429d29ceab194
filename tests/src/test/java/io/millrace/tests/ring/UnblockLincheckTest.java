package io.millrace.tests.ring;

import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** A consumer that unblocks a closed ring against a claimant that commits late. */
@Param(name = "thread", gen = ThreadIdGen.class)
public class UnblockLincheckTest {
    private final LincheckRing ring = new LincheckRing(new ManyToOneByteRing(256, 16, Memory.HEAP));

    @Operation(nonParallelGroup = "producer")
    public long claim(@Param(name = "thread") final int thread) {
        return ring.claim(thread, 3 + thread);
    }

    @Operation(nonParallelGroup = "producer")
    public boolean commit(@Param(name = "thread") final int thread) {
        return ring.commit(thread) >= 0;
    }

    @Operation(nonParallelGroup = "producer")
    public boolean close() {
        return ring.close();
    }

    @Operation(nonParallelGroup = "consumer")
    public String read() {
        return ring.read(10);
    }

    @Operation(nonParallelGroup = "consumer")
    public int unblock() {
        return ring.unblock();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass(), 2);
    }
}
