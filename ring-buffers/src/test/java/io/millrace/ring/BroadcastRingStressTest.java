package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A writer that never waits against readers of which some are far too slow: no record torn, none lost uncounted. */
class BroadcastRingStressTest {
    private static final int RECORDS = 1_000_000;
    private static final int READERS = 3;

    @ParameterizedTest
    @EnumSource
    void shouldNeverTearOrLoseUncountedWhenReadersAreOvertaken(final Memory memory) throws Exception {
        final BroadcastRing ring = new BroadcastRing(1024, 200, memory);
        final List<Checker> checkers = new ArrayList<>();
        final List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            final Checker checker = new Checker(ring.newReader(), i * 20);
            checkers.add(checker);
            threads.add(CompletableFuture.runAsync(() -> checker.readUntilClosed(ring)));
        }
        final ByteBuffer source = ByteBuffer.allocate(200);
        long bytes = 0;
        for (long i = 0; i < RECORDS; i++) {
            final int length = length(i);
            for (int at = 0; at + Long.BYTES <= length; at += Long.BYTES) {
                source.putLong(at, i);
            }
            bytes = ring.offer(source, 0, length);
        }
        ring.close();
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        long missed = 0;
        for (final Checker checker : checkers) {
            assertEquals(RECORDS, checker.next);
            assertEquals(RECORDS, checker.reader.readRecords() + checker.reader.missedRecords());
            assertEquals(bytes, checker.bytes + checker.reader.missedBytes());
            missed += checker.reader.missedRecords();
        }
        assertTrue(missed > 0, "nobody was overtaken: the test shows nothing");
    }

    private static int length(final long number) {
        return Long.BYTES * (1 + (int) (number % 25));
    }

    private static final class Checker implements BroadcastHandler {
        final BroadcastReader reader;
        final int turnsPerRecord;
        long next;
        long bytes;

        Checker(final BroadcastReader reader, final int turnsPerRecord) {
            this.reader = reader;
            this.turnsPerRecord = turnsPerRecord;
        }

        void readUntilClosed(final BroadcastRing ring) {
            boolean closed;
            int records;
            do {
                closed = ring.isClosed();
                records = reader.read(this, 50);
            } while (!closed || records > 0);
        }

        @Override
        public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
            assertEquals(length(next), length);
            for (int at = 0; at < length; at += Long.BYTES) {
                assertEquals(next, buffer.getLong(offset + at));
            }
            next++;
            bytes += length;
            for (int i = 0; i < turnsPerRecord; i++) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void onMissed(final long records, final long missedBytes) {
            next += records;
        }
    }
}
