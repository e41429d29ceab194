package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static io.millrace.ring.Text.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class BroadcastRingTest {
    @Parameter
    Memory memory;

    private BroadcastRing ring() {
        return new BroadcastRing(64, 64, memory);
    }

    @Test
    void shouldGiveEveryReaderEveryRecordWhenNoneIsSlow() {
        final BroadcastRing ring = ring();
        final BroadcastReader first = ring.newReader();
        final BroadcastReader second = ring.newReader();
        long position = 0;
        for (int i = 0; i < 500; i++) {
            final String record = record(i, 1 + i % 30);
            position += record.length();
            assertEquals(position, ring.offer(bytes(record)));
            assertEquals(List.of(record), Feed.read(first));
            if (i % 2 == 1) {
                assertEquals(List.of(record(i - 1, 1 + (i - 1) % 30), record), Feed.read(second));
            }
        }
        assertEquals(500, ring.publishedRecords());
        assertEquals(500, first.readRecords());
        assertEquals(0, second.missedRecords());
    }

    @Test
    void shouldBeginBehindLastRecordWhenReaderJoinsLate() {
        final BroadcastRing ring = ring();
        for (int i = 0; i < 100; i++) {
            ring.offer(bytes("early"));
        }
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes("late"));

        assertEquals(List.of("late"), Feed.read(reader));
        assertEquals(0, reader.missedRecords());
    }

    @Test
    void shouldMissNothingWhenWriterIsAsFarAheadAsRingHolds() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes(record(1, 32)));
        ring.offer(bytes(record(2, 32)));

        assertEquals(List.of(record(1, 32), record(2, 32)), Feed.read(reader));
    }

    @Test
    void shouldMissNothingWhenReaderLagsByAsManyRecordsAsAreSaid() {
        final BroadcastRing ring = new BroadcastRing(1024, 64, memory);
        final BroadcastReader reader = ring.newReader();
        for (int i = 0; i < 1024 / 32 - 1; i++) {
            ring.offer(bytes("a"));
        }
        assertFalse(reader.isOvertaken());
        ring.offer(bytes("a"));
        assertTrue(reader.isOvertaken());
    }

    @Test
    void shouldTellWhatWasMissedWhenBytesAreOverwritten() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes(record(1, 20)));
        ring.offer(bytes(record(2, 44)));
        ring.offer(bytes(record(3, 1)));

        // 2 and 3 survive: half-way is 3.
        assertEquals(List.of("missed 2 records, 64 bytes", record(3, 1)), Feed.read(reader));
        assertEquals(2, reader.missedRecords());
        assertEquals(64, reader.missedBytes());
        assertEquals(1, reader.readRecords());
    }

    @Test
    void shouldTellWhatWasMissedWhenBoundariesAreOverwritten() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        for (int i = 0; i < 8; i++) {
            ring.offer(bytes(String.valueOf((char) ('a' + i))));
        }

        // 8 boundaries hold 7 records, b to h; half-way is e.
        assertEquals(List.of("missed 4 records, 4 bytes", "e", "f", "g", "h"), Feed.read(reader));
    }

    @Test
    void shouldGoOnAtWholeRecordWhenOvertakenAtAnyOffset() {
        for (int length = 1; length <= 64; length++) {
            final BroadcastRing ring = ring();
            final BroadcastReader reader = ring.newReader();
            final List<String> written = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < 50; i++) {
                final String record = record(i, 1 + (i * 13 + length) % length);
                written.add(record);
                bytes += record.length();
                ring.offer(bytes(record));
            }

            final List<String> seen = Feed.read(reader);

            final List<String> records = seen.subList(1, seen.size());
            assertEquals(written.subList(50 - records.size(), 50), records);
            assertEquals(50, reader.readRecords() + reader.missedRecords());
            assertEquals(
                    bytes,
                    reader.missedBytes()
                            + records.stream().mapToInt(String::length).sum());
        }
    }

    @Test
    void shouldKeepRecordsWhenPositionsWrapTheInt() {
        for (int before = 0; before <= 64; before++) {
            final BroadcastRing ring = new BroadcastRing(64, 64, memory, (1L << 31) - before);
            final BroadcastReader reader = ring.newReader();
            for (int i = 0; i < 20; i++) {
                ring.offer(bytes(record(i, 20)));
                assertEquals(List.of(record(i, 20)), Feed.read(reader));
            }
        }
    }

    @Test
    void shouldRefuseOffersAndKeepRecordsWhenClosed() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes("kept"));
        assertFalse(ring.isClosed());
        assertFalse(reader.isClosed());
        assertTrue(ring.close());
        assertFalse(ring.close());

        assertTrue(ring.isClosed());
        assertTrue(reader.isClosed());
        assertEquals(ByteRing.CLOSED, ring.offer(bytes("lost")));
        assertEquals(ByteRing.CLOSED, ring.offer(bytes(record(1, ring.maxRecordLength() + 1))));
        assertEquals(1, ring.publishedRecords());
        assertEquals(List.of("kept"), Feed.read(reader));
        assertEquals(List.of(), Feed.read(ring.newReader()));
    }

    @Test
    void shouldNeverReplayWhenHandlerThrows() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes("a"));
        ring.offer(bytes("b"));
        final BroadcastHandler throwing = new BroadcastHandler() {
            @Override
            public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
                throw new IllegalStateException("record");
            }

            @Override
            public void onMissed(final long records, final long bytes) {
                throw new IllegalStateException("missed");
            }
        };

        assertThrows(IllegalStateException.class, () -> reader.read(throwing, 10));
        assertEquals(List.of("b"), Feed.read(reader));
        for (int i = 0; i < 9; i++) {
            ring.offer(bytes("c"));
        }
        assertThrows(IllegalStateException.class, () -> reader.read(throwing, 10));

        assertEquals(List.of("c", "c", "c", "c"), Feed.read(reader));
        assertEquals(5, reader.missedRecords());
    }

    @Test
    void shouldReadNoMoreThanLimit() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes("a"));
        ring.offer(bytes("b"));

        assertEquals(0, reader.read(new Feed(), 0));
        assertEquals(1, reader.read(new Feed(), 1));
        assertEquals(1, reader.read(new Feed(), 5));
    }

    @Test
    void shouldThrowOnBadInput() {
        final BroadcastRing ring = new BroadcastRing(64, 16, memory);
        final ByteBuffer source = bytes("abc");

        refuse("capacity=65", () -> new BroadcastRing(65, 1, memory));
        refuse("maxRecordLength=65", () -> new BroadcastRing(64, 65, memory));
        refuse("maxRecordLength=" + ((1 << 30) - 7), () -> new BroadcastRing(1 << 30, (1 << 30) - 7, memory));
        refuse("maxRecordLength=0", () -> new BroadcastRing(64, 0, memory));
        refuse("length=0", () -> ring.offer(bytes("")));
        refuse("length=-1", () -> ring.offer(source, 0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> ring.offer(source, 1, 3));
        assertEquals(ByteRing.RECORD_TOO_LONG, ring.offer(bytes(record(1, 17))));

        assertEquals(0, ring.publishedRecords());
    }

    @Test
    void shouldThrowWhenHandlerReadsByItsOwnReader() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes("a"));
        final BroadcastHandler nested = new BroadcastHandler() {
            @Override
            public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
                Feed.read(reader);
            }

            @Override
            public void onMissed(final long records, final long bytes) {}
        };

        assertThrows(IllegalStateException.class, () -> reader.read(nested, 1));
    }

    @Test
    void shouldFailAssertionWhenSecondThreadWritesOrReads() {
        final BroadcastRing ring = ring();
        final BroadcastReader reader = ring.newReader();
        ring.offer(bytes("a"));
        Feed.read(reader);

        assertFailsElsewhere(() -> ring.offer(bytes("b")));
        assertFailsElsewhere(() -> Feed.read(reader));
    }

    private static void assertFailsElsewhere(final Runnable call) {
        final ExecutionException failed = assertThrows(
                ExecutionException.class, () -> CompletableFuture.runAsync(call).get(30, TimeUnit.SECONDS));
        assertEquals(AssertionError.class, failed.getCause().getClass());
    }

    private static void refuse(final String text, final Executable call) {
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }
}
