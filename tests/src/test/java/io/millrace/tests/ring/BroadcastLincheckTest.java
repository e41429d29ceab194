package io.millrace.tests.ring;

import io.millrace.ring.BroadcastHandler;
import io.millrace.ring.BroadcastReader;
import io.millrace.ring.BroadcastRing;
import io.millrace.ring.ByteRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * A broadcast whose writer overtakes its reader. Where the reader goes on depends on how far an unfinished offer got, so
 * there is no one right answer; but every record it gets must be the one that belongs at its place, whole.
 */
public class BroadcastLincheckTest implements BroadcastHandler {
    private static final int LENGTH = 30;

    private final BroadcastRing ring = new BroadcastRing(64, LENGTH, Memory.HEAP);
    private final BroadcastReader reader = ring.newReader();
    private final ByteBuffer source = ByteBuffer.allocate(LENGTH);
    private byte written;
    private byte next;
    private boolean right = true;

    @Operation(nonParallelGroup = "writer")
    public boolean offer() {
        // Both ends: Lincheck takes a loop over the bytes for a lock.
        source.put(0, written).put(LENGTH - 1, written);
        final long result = ring.offer(source);
        if (result > 0) {
            written++;
            return result == written * (long) LENGTH;
        }
        return result == ByteRing.CLOSED;
    }

    @Operation(nonParallelGroup = "reader")
    public boolean read() {
        reader.read(this, 3);
        return right && next == reader.readRecords() + reader.missedRecords();
    }

    @Operation
    public boolean closeTwice() {
        ring.close();
        return ring.isClosed() && !ring.close();
    }

    @Override
    public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
        right &= length == LENGTH && buffer.get(offset) == next && buffer.get(offset + LENGTH - 1) == next;
        next++;
    }

    @Override
    public void onMissed(final long records, final long bytes) {
        right &= records > 0 && bytes == records * LENGTH;
        next += (byte) records;
    }

    @Test
    void shouldKeepEveryRecordWholeAndBeObstructionFree() {
        Lincheck.modelCheck(getClass(), 3);
    }
}
