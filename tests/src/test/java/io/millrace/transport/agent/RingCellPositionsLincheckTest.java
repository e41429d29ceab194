package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.ring.ByteRing;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

/** {@link CellPositions} of the real cell, and of a twin whose next ring is made without closing the retired one. */
public class RingCellPositionsLincheckTest {
    private static final int CAPACITY = 256;
    private static final int MAX_LENGTH = 16;

    /** The real one. */
    public static final class Real extends CellPositions {
        private final RingCell rings = new RingCell(CAPACITY, MAX_LENGTH, Memory.HEAP);

        /** With a ring. */
        public Real() {
            rings.active();
        }

        @Override
        protected ByteRing active() {
            return rings.active();
        }

        @Override
        protected void retire() {
            rings.retire();
        }
    }

    /** Retires once. The next ring begins where the retired one happens to be: it may still grow. */
    public static final class Unsealed extends CellPositions {
        private record Retired(ByteRing ring) {}

        private final AtomicReference<Object> state =
                new AtomicReference<>(new ManyToOneByteRing(CAPACITY, MAX_LENGTH, Memory.HEAP));
        private final ByteRing first = (ByteRing) state.get();

        @Override
        protected ByteRing active() {
            while (true) {
                final Object now = state.get();
                if (now instanceof ByteRing ring) {
                    return ring;
                }
                final long position = ((Retired) now).ring.producerPosition();
                state.compareAndSet(now, new ManyToOneByteRing(CAPACITY, MAX_LENGTH, Memory.HEAP, position));
            }
        }

        @Override
        protected void retire() {
            if (first.isEmpty() && state.compareAndSet(first, new Retired(first))) {
                first.close();
            }
        }
    }

    @Test
    void shouldGiveNoPositionTwiceWhenARingIsRetiredAmongSenders() {
        CellPositions.options().check(Real.class);
    }

    @Test
    void shouldCatchTheTwinThatDoesNotCloseWhatIsRetired() {
        assertThrows(LincheckAssertionError.class, () -> CellPositions.options().check(Unsealed.class));
    }
}
