package io.millrace.tests.ring;

import io.millrace.ring.BroadcastHandler;
import io.millrace.ring.BroadcastReader;
import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Offer, read and close of a broadcast that nobody is overtaken in: linearizable. */
public class BroadcastCloseLincheckTest implements BroadcastHandler {
    private final BroadcastRing ring = new BroadcastRing(1024, 16, Memory.HEAP);
    private final BroadcastReader reader = ring.newReader();
    private final ByteBuffer source = ByteBuffer.allocate(1);
    private final StringBuilder seen = new StringBuilder();

    @Operation(nonParallelGroup = "writer")
    public long offer(final int value) {
        return ring.offer(source.put(0, (byte) value));
    }

    @Operation(nonParallelGroup = "reader")
    public String read() {
        seen.setLength(0);
        reader.read(this, 10);
        return seen.toString();
    }

    @Operation
    public boolean close() {
        return ring.close();
    }

    @Operation
    public boolean isClosed() {
        return ring.isClosed();
    }

    @Override
    public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
        seen.append(buffer.get(offset)).append(';');
    }

    @Override
    public void onMissed(final long records, final long bytes) {
        seen.append("missed ").append(records);
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass(), 3);
    }
}
