package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static io.millrace.ring.Text.readAll;
import static io.millrace.ring.Text.record;
import static io.millrace.ring.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ByteRingOfferTest {
    @Parameter
    RingKind kind;

    @Test
    void shouldTakeBytesFromPositionToLimitWhenOffered() {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer source = bytes("<hello>").position(1).limit(6);

        assertEquals(5, ring.offer(source));

        assertEquals(1, source.position());
        assertEquals(6, source.limit());
        assertEquals(List.of("hello"), readAll(ring));
    }

    @Test
    void shouldTakeDirectAndReadOnlySourcesWhenOffered() {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer direct = ByteBuffer.allocateDirect(3).put(bytes("abc")).flip();

        assertEquals(3, ring.offer(direct));
        assertEquals(6, ring.offer(direct.asReadOnlyBuffer()));
        assertEquals(9, ring.offer(bytes("def").asReadOnlyBuffer()));

        assertEquals(List.of("abc", "abc", "def"), readAll(ring));
    }

    @Test
    void shouldTakeRangeWhenOfferedWithOffset() {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer source = bytes("0123456789").position(9);

        assertEquals(3, ring.offer(source, 2, 3));

        assertEquals(9, source.position());
        assertEquals(List.of("234"), readAll(ring));
    }

    @Test
    void shouldTakeRangeOfAgronaBuffer() {
        final ByteRing ring = kind.ring(64, 64);

        assertEquals(3, ring.offer(directBuffer(bytes("0123456789")), 7, 3));

        assertEquals(List.of("789"), readAll(ring));
    }

    @Test
    void shouldAbortClaimWhenAgronaBufferThrows() {
        final ByteRing ring = kind.ring(64, 64);
        final DirectBuffer broken = (DirectBuffer) Proxy.newProxyInstance(
                DirectBuffer.class.getClassLoader(), new Class<?>[] {DirectBuffer.class}, (proxy, method, args) -> {
                    if (method.getName().equals("capacity")) {
                        return 10;
                    }
                    throw new IllegalStateException("unmapped");
                });

        assertThrows(IllegalStateException.class, () -> ring.offer(broken, 0, 3));
        assertEquals(5, ring.offer(bytes("ok")));

        assertEquals(List.of("ok"), readAll(ring));
        assertEquals(1, ring.abortedRecords());
    }

    @Test
    void shouldMakeOneRecordOfPiecesWhenVectored() {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer[] pieces = {bytes("no"), bytes("<head>").position(1).limit(5), bytes(""), bytes("+body")};

        assertEquals(9, ring.offer(pieces, 1, 3));

        assertEquals(1, pieces[1].position());
        assertEquals(0, pieces[3].position());
        assertEquals(List.of("head+body"), readAll(ring));
    }

    @Test
    void shouldMakeRecordsNextToOneAnotherWhenBatched() {
        final ByteRing ring = kind.ring(64, 64);

        assertEquals(6, ring.offerBatch(bytes("-abbccc"), 1, new int[] {1, 2, 3}, 3));

        assertEquals(3, ring.claimedRecords());
        assertEquals(List.of("a", "bb", "ccc"), readAll(ring));
        assertEquals(3, ring.readRecords());
    }

    @Test
    void shouldTakeAllOrNothingWhenBatchDoesNotFit() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes(record(1, 60)));

        assertEquals(ByteRing.BACK_PRESSURED, ring.offerBatch(bytes("aabbcc"), 0, new int[] {2, 2, 2}, 3));
        assertEquals(64, ring.offerBatch(bytes("aabbcc"), 0, new int[] {2, 2, 2}, 2));

        assertEquals(List.of(record(1, 60), "aa", "bb"), readAll(ring));
    }

    @Test
    void shouldBackPressureWhenBytesAreFull() {
        final ByteRing ring = kind.ring(64, 64);

        assertEquals(64, ring.offer(bytes(record(1, 64))));
        assertEquals(ByteRing.BACK_PRESSURED, ring.offer(bytes("x")));
        assertEquals(64, ring.size());

        assertEquals(List.of(record(1, 64)), readAll(ring));
        assertEquals(65, ring.offer(bytes("x")));
        assertEquals(1, ring.size());
    }

    @Test
    void shouldBackPressureWhenSlotsAreFull() {
        final ByteRing ring = kind.ring(64, 64);
        final int slots = RingDescriptor.slotCount(64);
        for (int i = 0; i < slots; i++) {
            assertEquals(i + 1, ring.offer(bytes("x")));
        }

        assertEquals(ByteRing.BACK_PRESSURED, ring.offer(bytes("x")));
        assertEquals(slots, ring.size());

        assertEquals(3, Text.read(ring, 3).size());
        assertEquals(slots + 3, ring.offerBatch(bytes("xyz"), 0, new int[] {1, 1, 1}, 3));
        assertEquals(ByteRing.BACK_PRESSURED, ring.offer(bytes("x")));
    }

    @Test
    void shouldSayTooLongWhenRecordExceedsMaximum() {
        final ByteRing ring = kind.ring(64, 16);
        final ByteBuffer source = bytes(record(1, 64));

        assertEquals(ByteRing.RECORD_TOO_LONG, ring.offer(source, 0, 17));
        assertEquals(ByteRing.RECORD_TOO_LONG, ring.offer(directBuffer(source), 0, 17));
        assertEquals(ByteRing.RECORD_TOO_LONG, ring.tryClaim(17));
        assertEquals(ByteRing.RECORD_TOO_LONG, ring.tryClaim(17, new RingClaim()));
        assertEquals(
                ByteRing.RECORD_TOO_LONG, ring.offer(new ByteBuffer[] {bytes("123456789"), bytes("12345678")}, 0, 2));
        assertEquals(ByteRing.RECORD_TOO_LONG, ring.offerBatch(source, 0, new int[] {1, 17}, 2));
        assertTrue(ring.isEmpty());
        assertEquals(16, ring.offer(source, 0, 16));
    }

    @Test
    void shouldSayTooLongWhenBatchExceedsWhatEmptyRingHolds() {
        final ByteRing ring = kind.ring(64, 64);

        assertEquals(ByteRing.RECORD_TOO_LONG, ring.offerBatch(bytes(record(1, 65)), 0, new int[] {33, 32}, 2));
        assertEquals(
                ByteRing.RECORD_TOO_LONG,
                ring.offerBatch(bytes(record(1, 9)), 0, new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, 9));
    }

    @Test
    void shouldKeepEveryRecordWholeWhenItWrapsAtAnyOffset() {
        for (int lead = 1; lead <= 64; lead++) {
            for (int length = 1; length <= 64; length++) {
                final ByteRing ring = kind.ring(64, 64);
                ring.offer(bytes(record(0, lead)));
                readAll(ring);
                final String record = record(1, length);
                final String behind = record(2, Math.max(1, 64 - length));

                assertEquals(lead + length, ring.offer(bytes(record)));
                final boolean fits = ring.offer(bytes(behind)) > 0;

                assertEquals(length < 64, fits);
                assertEquals(fits ? List.of(record, behind) : List.of(record), readAll(ring));
            }
        }
    }

    @Test
    void shouldKeepRecordsWhenPositionsWrap() {
        // The marks hold 32 bits of a position, the tail word some more.
        final long word = 1L << RingDescriptor.positionBits(RingDescriptor.slotCount(64));
        for (final long wrap : new long[] {1L << 31, 1L << 32, word, 2 * word}) {
            for (int before = 0; before <= 64; before++) {
                final long start = wrap - before;
                final ByteRing ring = kind.ring(64, 64, start);
                assertTrue(ring.isEmpty());
                assertEquals(start, ring.producerPosition());
                final List<String> expected = new ArrayList<>();
                for (int i = 1; i <= 5; i++) {
                    expected.add(record(i, i * 3));
                    assertEquals(start + 3 * i * (i + 1) / 2, ring.offer(bytes(record(i, i * 3))));
                }

                assertEquals(45, ring.size());
                assertEquals(start + 45, ring.producerPosition());
                assertEquals(ByteRing.BACK_PRESSURED, ring.offer(bytes(record(6, 20))));
                final StringBuilder seen = new StringBuilder();
                for (ByteBuffer region = ring.peek(64); region.hasRemaining(); region = ring.peek(64)) {
                    final int part = (region.remaining() + 1) / 2;
                    seen.append(text(region, region.position(), part));
                    ring.release(part);
                }
                assertEquals(String.join("", expected), seen.toString());
                assertEquals(start + 45, ring.consumerPosition());
                assertEquals(5, ring.readRecords());
                assertEquals(start + 65, ring.offer(bytes(record(6, 20))));
                assertEquals(List.of(record(6, 20)), readAll(ring));
            }
        }
    }

    @Test
    void shouldKeepOrderOverManyLaps() {
        final ByteRing ring = kind.ring(64, 64);
        int written = 0;
        int read = 0;
        while (read < 1_000) {
            while (ring.offer(bytes(record(written, 1 + written % 23))) > 0) {
                written++;
            }
            for (final String record : Text.read(ring, 1 + read % 5)) {
                assertEquals(record(read, 1 + read % 23), record);
                read++;
            }
        }
        assertEquals(written, ring.claimedRecords());
        assertEquals(read, ring.readRecords());
    }

    static DirectBuffer directBuffer(final ByteBuffer content) {
        // Agrona's own buffers need a JVM flag; the ring asks for no more than these two methods.
        return (DirectBuffer) Proxy.newProxyInstance(
                DirectBuffer.class.getClassLoader(),
                new Class<?>[] {DirectBuffer.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "capacity" -> content.capacity();
                    case "getBytes" -> ((ByteBuffer) args[1]).put((int) args[2], content, (int) args[0], (int) args[3]);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }
}
