package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static io.millrace.ring.Text.readAll;
import static io.millrace.ring.Text.record;
import static io.millrace.ring.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ByteRingReadTest {
    @Parameter
    RingKind kind;

    @Test
    void shouldReadNoMoreThanLimit() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offerBatch(bytes("abc"), 0, new int[] {1, 1, 1}, 3);

        assertEquals(List.of(), Text.read(ring, 0));
        assertEquals(List.of("a", "b"), Text.read(ring, 2));
        assertEquals(List.of("c"), Text.read(ring, 2));
        assertEquals(List.of(), Text.read(ring, 2));
    }

    @Test
    void shouldCountRecordsThatAreClaimedAndNotReleased() {
        final ByteRing ring = kind.ring(64, 64);
        for (int lap = 0; lap < 5; lap++) {
            assertEquals(0, ring.pendingRecords());
            ring.offerBatch(bytes("aabbcc"), 0, new int[] {2, 2, 2}, 3);
            final long claim = ring.tryClaim(1);
            assertEquals(4, ring.pendingRecords());
            Text.read(ring, 2);
            assertEquals(2, ring.pendingRecords());
            ring.abort(claim, 1);
            readAll(ring);
        }
    }

    @Test
    void shouldNeverReplayWhenHandlerThrows() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offerBatch(bytes("abc"), 0, new int[] {1, 1, 1}, 3);
        final List<String> seen = new ArrayList<>();

        assertThrows(
                IllegalStateException.class,
                () -> ring.read(
                        (buffer, offset, length) -> {
                            seen.add(text(buffer, offset, length));
                            if (seen.size() == 2) {
                                throw new IllegalStateException("handler");
                            }
                        },
                        10));

        assertEquals(List.of("a", "b"), seen);
        assertEquals(2, ring.readRecords());
        assertEquals(2, ring.consumerPosition());
        assertEquals(List.of("c"), readAll(ring));
    }

    @Test
    void shouldThrowWhenHandlerReadsItsOwnRing() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("a"));

        assertThrows(IllegalStateException.class, () -> ring.read((b, o, l) -> readAll(ring), 1));
        ring.offer(bytes("b"));
        assertThrows(IllegalStateException.class, () -> ring.read((b, o, l) -> ring.peek(1), 1));
        ring.offer(bytes("c"));

        assertEquals(List.of("c"), readAll(ring));
    }

    @Test
    void shouldLetHandlerOfferAndCloseWhenCalled() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("a"));

        ring.read(
                (buffer, offset, length) -> {
                    assertEquals(2, ring.offer(bytes("b")));
                    assertTrue(ring.close());
                },
                1);

        assertEquals(List.of("b"), readAll(ring));
    }

    @Test
    void shouldPeekWholeRecordsUpToByteLimit() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offerBatch(bytes("aabbcc"), 0, new int[] {2, 2, 2}, 3);

        assertEquals("aabb", text(ring.peek(5)));
        ring.release(4);
        assertEquals("cc", text(ring.peek(1)), "a first record longer than the limit comes alone");
        ring.release(2);
        assertEquals("", text(ring.peek(64)));
        assertEquals(3, ring.readRecords());
    }

    @Test
    void shouldReturnRestOfRegionWhenPartlyReleased() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offerBatch(bytes("aabbcc"), 0, new int[] {2, 2, 2}, 3);
        ring.peek(6);

        ring.release(3);
        assertEquals(1, ring.readRecords(), "released whole");
        assertEquals(3, ring.consumerPosition());
        ring.offer(bytes("dd"));
        assertEquals("bcc", text(ring.peek(1)), "the limit has no say, and new records wait");
        ring.release(0);
        ring.release(1);
        assertEquals(2, ring.readRecords());
        ring.release(2);
        assertEquals("dd", text(ring.peek(1)));
        ring.release(2);

        assertEquals(4, ring.readRecords());
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldTellWhatIsLeftOfARecordThatIsReleasedInPart() {
        final ByteRing ring = kind.ring(64, 64);
        assertEquals(0, ring.begunRecordLeft());
        ring.offerBatch(bytes("aaabbcccc"), 0, new int[] {3, 2, 4}, 3);
        ring.peek(6);
        final List<Integer> left = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            left.add(ring.begunRecordLeft());
            ring.release(1);
        }
        left.add(ring.begunRecordLeft());
        ring.peek(6);
        ring.release(3);
        left.add(ring.begunRecordLeft());

        assertEquals(List.of(0, 2, 1, 0, 1, 0, 1), left);
    }

    @Test
    void shouldFreeBytesAndSlotsWhenPartlyReleased() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offerBatch(bytes(record(1, 64)), 0, new int[] {8, 8, 8, 8, 8, 8, 8, 8}, 8);
        assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaim(1));
        ring.peek(64);

        ring.release(7);
        assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaim(1), "bytes are free, slots are not");
        ring.release(1);

        assertEquals(72, ring.offer(bytes(record(2, 8))));
    }

    @Test
    void shouldIgnoreThatCallerMovedPosition() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("abcd"));

        final ByteBuffer region = ring.peek(64);
        region.get();
        region.get();

        assertEquals("abcd", text(ring.peek(64)));
        ring.release(2);
        assertEquals("cd", text(ring.peek(64)));
    }

    @Test
    void shouldEndRegionWhereRecordIsAbortedOrOpen() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("aa"));
        ring.abort(ring.tryClaim(3), 3);
        ring.offer(bytes("bb"));
        final long open = ring.tryClaim(2);
        ring.offer(bytes("dd"));

        assertEquals("aa", text(ring.peek(64)));
        ring.release(2);
        assertEquals("bb", text(ring.peek(64)));
        ring.release(2);
        assertEquals("", text(ring.peek(64)));
        ring.abort(open, 2);

        assertEquals("dd", text(ring.peek(64)));
        ring.release(2);
        assertEquals(2, ring.abortedRecords());
        assertEquals(3, ring.readRecords());
    }

    @Test
    void shouldPeekContiguouslyWhenWrappingAtAnyOffset() {
        for (int lead = 1; lead <= 64; lead++) {
            final ByteRing ring = kind.ring(64, 64);
            ring.offer(bytes(record(0, lead)));
            readAll(ring);
            final StringBuilder expected = new StringBuilder();
            for (int i = 1; i <= 6; i++) {
                ring.offer(bytes(record(i, 10)));
                expected.append(record(i, 10));
            }

            final StringBuilder seen = new StringBuilder();
            int regions = 0;
            for (ByteBuffer region = ring.peek(64); region.hasRemaining(); region = ring.peek(64)) {
                seen.append(text(region));
                ring.release(region.remaining());
                regions++;
            }

            assertEquals(expected.toString(), seen.toString());
            assertTrue(regions <= 2, "one region up to the end of the ring, one behind: " + regions);
            assertTrue(ring.isEmpty());
        }
    }

    @Test
    void shouldThrowWhenReleasingWhatIsNotThere() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("abcd"));

        refuse(ring, 1, "left=0");
        ring.peek(64);
        refuse(ring, 5, "left=4");
        refuse(ring, -1, "bytes=-1");
        ring.release(4);
        refuse(ring, 1, "left=0");
        ring.release(0);
    }

    private static void refuse(final ByteRing ring, final int bytes, final String text) {
        final IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ring.release(bytes));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }

    @Test
    void shouldThrowWhenReadingWithRegionOpen() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("abcd"));
        ring.peek(64);
        ring.release(1);

        final IllegalStateException refused = assertThrows(IllegalStateException.class, () -> readAll(ring));
        assertTrue(refused.getMessage().contains("left=3"), refused.getMessage());
        ring.close();
        assertThrows(IllegalStateException.class, ring::unblock);
        ring.release(3);

        assertEquals(List.of(), readAll(ring));
    }

    @Test
    void shouldFailAssertionWhenSecondThreadReads() throws Exception {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("a"));
        readAll(ring);

        final ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> CompletableFuture.runAsync(() -> readAll(ring)).get(30, TimeUnit.SECONDS));

        assertEquals(AssertionError.class, failed.getCause().getClass());
        assertTrue(
                failed.getCause()
                        .getMessage()
                        .contains("owner=" + Thread.currentThread().getName()),
                failed.getCause().getMessage());
    }

    @Test
    void shouldPassOnToAThreadThatAttachesWhileTheOwnerLives() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("ab"), 0, 1);
        readAll(ring);
        ring.offer(bytes("ab"), 1, 1);
        final List<String> read = CompletableFuture.supplyAsync(() -> {
                    ring.attach();
                    return readAll(ring);
                })
                .join();

        assertEquals(List.of("b"), read);
    }

    @Test
    void shouldPassOnToNextThreadWhenOwnerIsDead() throws Exception {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("ab"), 0, 1);
        final Thread first = new Thread(() -> readAll(ring));
        first.start();
        first.join(30_000);
        ring.offer(bytes("b"));

        assertEquals(List.of("b"), readAll(ring));
    }
}
