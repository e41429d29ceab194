package io.millrace.tests.session;

import io.millrace.session.HandlePool;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * One thing, used through the first handle ever lent while it is released and lent again: that handle sees the first use
 * or nothing. What acquire answers is not compared: it may say "none" while a release is under way.
 */
public class HandlePoolLincheckTest {
    private static final long FIRST = 1L << 32;

    private final HandlePool<int[]> pool = new HandlePool<>(1, () -> new int[1], thing -> thing[0]++);

    public HandlePoolLincheckTest() {
        pool.acquire();
    }

    @Operation
    public void acquire() {
        pool.acquire();
    }

    /** Uses the thing through the first handle ever made, which must see the first use only. */
    @Operation
    public int useFirst() {
        final int[] thing = pool.pin(FIRST);
        if (thing == null) {
            return -1;
        }
        final int use = thing[0];
        pool.unpin(FIRST);
        return use;
    }

    @Operation
    public boolean releaseFirst() {
        return pool.release(FIRST);
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
