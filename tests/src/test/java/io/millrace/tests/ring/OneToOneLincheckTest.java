package io.millrace.tests.ring;

import io.millrace.ring.Memory;
import io.millrace.ring.OneToOneByteRing;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** The one-to-one ring, full and reused, with a third thread that closes it. */
public class OneToOneLincheckTest {
    private final LincheckRing ring = new LincheckRing(new OneToOneByteRing(64, 32, Memory.HEAP));

    @Operation(nonParallelGroup = "producer")
    public long claim() {
        return ring.claim(0, 30);
    }

    @Operation(nonParallelGroup = "producer")
    public long commit() {
        return ring.commit(0);
    }

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
