package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Two senders, and a consumer that retires the ring they have: each claim's answer is where it lies, so no two are the
 * same. A twin of the cell is wrong only if two threads are stopped in the middle, so the model checker is spared what goes on
 * inside the rings, which have tests of their own.
 */
public abstract class CellPositions {
    /** For all tests of cells; more of them in the proof profile. */
    static final int ITERATIONS = Integer.getInteger("millrace.lincheck.iterations", 2);

    private static final int LENGTH = 3;
    private static final int THREADS = 3;

    static final ManagedStrategyGuarantee RINGS_ARE_ATOMIC = ManagedStrategyGuaranteeKt.forClasses(
                    "io.millrace.ring.ManyToOneByteRing")
            .allMethods()
            .treatAsAtomic();

    protected abstract ByteRing active();

    protected abstract void retire();

    @Operation(nonParallelGroup = "first")
    public int claimFirst() {
        return claim();
    }

    @Operation(nonParallelGroup = "second")
    public int claimSecond() {
        return claim();
    }

    private int claim() {
        while (true) {
            final ByteRing ring = active();
            final long token = ring.tryClaim(LENGTH);
            if (token >= 0) {
                return ring.offset(token);
            }
        }
    }

    @Operation(nonParallelGroup = "consumer")
    public void retireRing() {
        retire();
    }

    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(2)
                .invocationsPerIteration(3_000)
                .addGuarantee(RINGS_ARE_ATOMIC)
                .threads(THREADS)
                .actorsBefore(0)
                .actorsPerThread(1)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .checkObstructionFreedom(true);
    }
}
