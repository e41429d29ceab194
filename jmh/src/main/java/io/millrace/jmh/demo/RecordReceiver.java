package io.millrace.jmh.demo;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Checks what arrives at the server: each sender's sequence without a gap, and its running checksum. One thread; the
 * totals may be read by others.
 */
final class RecordReceiver {
    private final long[] nextSequence;
    private final CRC32C[] running;
    private ByteBuffer lastBuffer;
    private ByteBuffer lastView;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private final AtomicLong corrupted = new AtomicLong();

    RecordReceiver(final int senders) {
        nextSequence = new long[senders];
        running = new CRC32C[senders];
        for (int i = 0; i < senders; i++) {
            running[i] = new CRC32C();
        }
    }

    /** Takes a record; true if it is a ping, to be echoed. */
    boolean onRecord(final ByteBuffer buffer, final int offset, final int length) {
        final int sender = DemoRecord.sender(buffer, offset);
        if (sender == DemoRecord.PING) {
            return true;
        }
        if (length < DemoRecord.HEADER_LENGTH || sender < 0 || sender >= running.length) {
            count(corrupted, 1);
            return false;
        }
        count(records, 1);
        count(bytes, length);
        final long sequence = DemoRecord.sequence(buffer, offset);
        if (sequence != nextSequence[sender]) {
            count(missing, sequence - nextSequence[sender]);
        }
        nextSequence[sender] = sequence + 1;
        final CRC32C crc = running[sender];
        final int lineOffset = offset + DemoRecord.HEADER_LENGTH;
        crc.update(view(buffer, lineOffset, length - DemoRecord.HEADER_LENGTH));
        if ((int) crc.getValue() != DemoRecord.checksum(buffer, offset)) {
            count(corrupted, 1);
        }
        return false;
    }

    /** One writer: no need for an atomic increment. */
    private static void count(final AtomicLong counter, final long more) {
        counter.setRelease(counter.getPlain() + more);
    }

    @SuppressWarnings("ReferenceEquality") // Is it the very buffer of the last call?
    private ByteBuffer view(final ByteBuffer buffer, final int offset, final int length) {
        if (lastBuffer != buffer) {
            lastBuffer = buffer;
            lastView = buffer.duplicate();
        }
        return lastView.limit(offset + length).position(offset);
    }

    long records() {
        return records.getAcquire();
    }

    long bytes() {
        return bytes.getAcquire();
    }

    /** Records that a gap in a sequence shows missing so far. */
    long missing() {
        return missing.getAcquire();
    }

    long corrupted() {
        return corrupted.getAcquire();
    }
}
