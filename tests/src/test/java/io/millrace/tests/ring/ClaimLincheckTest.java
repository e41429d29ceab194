package io.millrace.tests.ring;

import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * Claim, commit, abort, read and close of the many-to-one ring, each one step. (An offer is two, a claim and a commit:
 * a record behind somebody's open claim is accepted and not yet to be seen.) Never full.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class ClaimLincheckTest {
    private final LincheckRing ring = new LincheckRing(new ManyToOneByteRing(256, 16, Memory.HEAP));

    @Operation
    public long claim(@Param(name = "thread") final int thread) {
        return ring.claim(thread, 3 + thread);
    }

    @Operation
    public long commit(@Param(name = "thread") final int thread) {
        return ring.commit(thread);
    }

    @Operation
    public boolean abort(@Param(name = "thread") final int thread) {
        return ring.abort(thread);
    }

    @Operation(nonParallelGroup = "consumer")
    public String read() {
        return ring.read(10);
    }

    @Operation
    public boolean close() {
        return ring.close();
    }

    @Operation(nonParallelGroup = "consumer")
    public boolean isEmpty() {
        return ring.isEmpty();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass(), 3);
    }

    @Test
    void shouldBeLinearizableUnderStress() {
        Lincheck.stress(getClass(), 3);
    }
}
