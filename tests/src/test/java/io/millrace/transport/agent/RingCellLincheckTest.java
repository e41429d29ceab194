package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * Senders, a consumer that retires whenever it is asked to, and a closer: together they behave as one ring that never
 * changes. So what retiring answers is not compared, and nothing is ever full.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class RingCellLincheckTest {
    private final RingCell rings = new RingCell(256, 16, Memory.HEAP);
    private final LincheckCell cell = new LincheckCell(rings::active, rings::readable, rings::grow);

    @Operation
    public long claim(@Param(name = "thread") final int thread) {
        return cell.claim(thread, 3 + thread);
    }

    @Operation
    public long commit(@Param(name = "thread") final int thread) {
        return cell.commit(thread);
    }

    @Operation
    public boolean abort(@Param(name = "thread") final int thread) {
        return cell.abort(thread);
    }

    @Operation(nonParallelGroup = "consumer")
    public String read() {
        return cell.readOne();
    }

    @Operation(nonParallelGroup = "consumer")
    public void retire() {
        rings.retire();
    }

    @Operation(nonParallelGroup = "consumer")
    public boolean isEmpty() {
        return rings.isEmpty();
    }

    @Operation
    public boolean close() {
        return rings.close();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        new ModelCheckingOptions()
                .iterations(2 * CellPositions.ITERATIONS)
                .invocationsPerIteration(1_000)
                .addGuarantee(CellPositions.RINGS_ARE_ATOMIC)
                .threads(3)
                .actorsBefore(3)
                .actorsPerThread(3)
                .actorsAfter(3)
                .checkObstructionFreedom(true)
                .check(getClass());
    }

    @Test
    void shouldBeLinearizableUnderStress() {
        new StressOptions()
                .iterations(CellPositions.ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .check(getClass());
    }
}
