package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Memory;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * Senders whose messages soon do not fit into the small ring, nor into the next, a consumer that retires whenever it is
 * asked to, and a closer: together they behave as one ring that never changes. Nothing is ever full.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class RingCellGrowthLincheckTest {
    private static final int SMALL = 64;
    private static final int FULL = 4096;
    private static final int MAX_LENGTH = 50;

    private final RingCell rings = new RingCell(SMALL, FULL, MAX_LENGTH, Memory.HEAP);
    private final LincheckCell cell = new LincheckCell(rings::active, rings::readable, rings::grow);

    @Operation
    public long claim(@Param(name = "thread") final int thread) {
        return cell.claim(thread, 26 + thread);
    }

    /** Longer than the small ring's longest. */
    @Operation
    public long claimLong(@Param(name = "thread") final int thread) {
        return cell.claim(thread, 46 + thread);
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

    /** Of a ring that is not the full one yet, nobody may be told that it is full. */
    @Operation
    public boolean mayRefuse() {
        final ByteRing ring = rings.active();
        return ring != null && !rings.grow(ring, 1) && ring.capacity() < FULL;
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
