package io.millrace.jmh.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The demo's own check can fail: it sees loss, repetition and every flipped bit. */
class RecordReceiverTest {
    private static final ByteBuffer LINE = ByteBuffer.wrap("a line".getBytes(StandardCharsets.UTF_8));

    private final RecordReceiver receiver = new RecordReceiver(2);
    private final CRC32C checksum = new CRC32C();

    private ByteBuffer record(final long sequence) {
        final ByteBuffer record = ByteBuffer.allocate(64);
        DemoRecord.encode(record, 1, sequence, LINE, checksum);
        return record;
    }

    private boolean receive(final ByteBuffer record) {
        return receiver.onRecord(record, 0, record.limit());
    }

    @Test
    void shouldCountRecordsThatAreWholeAndInOrder() {
        for (int i = 0; i < 3; i++) {
            assertFalse(receive(record(i)));
        }
        assertEquals(3, receiver.records());
        assertEquals(3 * (DemoRecord.HEADER_LENGTH + 6), receiver.bytes());
        assertEquals(0, receiver.missing());
        assertEquals(0, receiver.corrupted());
    }

    @Test
    void shouldSeeARecordMissing() {
        receive(record(0));
        record(1);
        receive(record(2));
        assertEquals(1, receiver.missing());
        assertEquals(1, receiver.corrupted());
    }

    @Test
    void shouldSeeEveryFlippedBitOfALine() {
        for (int bit = 0; bit < 8 * LINE.remaining(); bit++) {
            final RecordReceiver fresh = new RecordReceiver(2);
            checksum.reset();
            final ByteBuffer record = record(0);
            final int at = DemoRecord.HEADER_LENGTH + bit / 8;
            record.put(at, (byte) (record.get(at) ^ 1 << bit % 8));
            fresh.onRecord(record, 0, record.limit());
            assertEquals(1, fresh.corrupted(), "bit=" + bit);
        }
    }

    @Test
    void shouldSeeAnUnknownSender() {
        final ByteBuffer record = record(0);
        record.putInt(0, 2);
        receive(record);
        assertEquals(1, receiver.corrupted());
    }

    @Test
    void shouldAskForAnEchoOfAPing() {
        final ByteBuffer ping = ByteBuffer.allocate(64);
        DemoRecord.encodePing(ping, 42);
        assertTrue(receive(ping));
        assertEquals(42, DemoRecord.sequence(ping, 0));
        assertEquals(0, receiver.records());
    }
}
