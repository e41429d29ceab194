package io.millrace.transport.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Memory;
import io.millrace.transport.Connection;
import io.millrace.transport.Protocol;
import io.millrace.transport.frame.FixedLengthProtocol;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.frame.LineProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FramingTest {
    private static final Protocol LINES = new LineProtocol(20, LineProtocol.Ending.CRLF);
    private static final Protocol PREFIXED = new LengthPrefixProtocol(1, 20);
    private static final Protocol TWO = new FixedLengthProtocol(2);

    private final RingCell rings = new RingCell(64, 32, Memory.HEAP);
    private final ByteRing ring = rings.active();
    private final Framing framing = new Framing(rings, LINES);

    private long offer(final Framing.Term term, final String text) {
        final long claim = framing.tryClaim(term, ring, text.length());
        if (claim < 0) {
            return claim;
        }
        ring.buffer().put(framing.begin(term, ring, claim, text.length()), text.getBytes(US_ASCII));
        return framing.commit(term, ring, claim, text.length());
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private String wire() {
        final StringBuilder wire = new StringBuilder();
        ring.read(
                (buffer, offset, length) -> {
                    final byte[] record = new byte[length];
                    buffer.get(offset, record);
                    wire.append(new String(record, US_ASCII));
                },
                100);
        return wire.toString();
    }

    @Test
    void shouldWriteHeaderMessageAndTrailerInPlace() {
        assertEquals(4, offer(framing.term(), "ab"));
        assertEquals(6, offer(framing.term(), ""));
        framing.switchTo(PREFIXED);
        assertEquals(8, offer(framing.term(), "x"));
        assertEquals("ab\r\n\r\n\1x", wire());
    }

    @Test
    void shouldTakeNothingWhenTheProtocolWasSwitchedBeforeTheClaim() {
        final Framing.Term old = framing.term();
        framing.switchTo(TWO);
        assertEquals(Framing.SWITCHED, offer(old, "ab"));
        assertTrue(offer(framing.term(), "xy") > 0);
        assertEquals("xy", wire());
        assertEquals(1, ring.abortedRecords());
    }

    @Test
    void shouldTakeNothingWhenTheProtocolWasSwitchedForthAndBack() {
        final Framing.Term old = framing.term();
        framing.switchTo(TWO);
        framing.switchTo(LINES);
        assertEquals(Framing.SWITCHED, offer(old, "ab"));
        assertEquals("", wire());
    }

    @Test
    void shouldFinishAClaimByTheProtocolItWasMadeBy() {
        final Framing.Term old = framing.term();
        final long claim = framing.tryClaim(old, ring, 2);
        framing.switchTo(PREFIXED);
        offer(framing.term(), "next");
        ring.buffer().put(framing.begin(old, ring, claim, 2), "ab".getBytes(US_ASCII));
        framing.commit(old, ring, claim, 2);
        assertEquals("ab\r\n\4next", wire());
    }

    @Test
    void shouldAnswerWhatIsWrongWithALength() {
        final Framing.Term term = framing.term();
        assertEquals(Connection.MESSAGE_TOO_LONG, framing.tryClaim(term, ring, 21));
        framing.switchTo(TWO);
        assertEquals(Connection.MESSAGE_TOO_LONG, framing.tryClaim(framing.term(), ring, 3));
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> framing.tryClaim(framing.term(), ring, 1));
        assertTrue(failure.getMessage().contains(" length=1"), failure.getMessage());
    }

    @Test
    void shouldSendNothingWhenTheProtocolRefusesTheContent() {
        assertThrows(IllegalArgumentException.class, () -> offer(framing.term(), "a\nb"));
        offer(framing.term(), "c");
        assertEquals("c\r\n", wire());
    }

    @Test
    void shouldRefuseAProtocolWhoseFramesAreLongerThanTheRingTakes() {
        final Framing.Term term = framing.term();
        final Protocol tooLong = new FixedLengthProtocol(33);
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> framing.switchTo(tooLong));
        assertTrue(failure.getMessage().contains("maxFrameLength=33"), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> framing.switchTo(tooLong, bytes("x"), 0, 1));
        assertSame(term, framing.term());
        assertEquals("", wire());
    }

    @Test
    void shouldSwitchRightBehindTheLastMessage() {
        offer(framing.term(), "a");
        assertEquals(8, framing.switchTo(TWO, bytes("-last-"), 1, 3));
        offer(framing.term(), "xy");
        assertEquals("a\r\nlas\r\nxy", wire());
    }

    @Test
    void shouldSwitchNothingWhenTheLastMessageIsNotTaken() {
        final Framing.Term term = framing.term();
        assertEquals(Connection.MESSAGE_TOO_LONG, framing.switchTo(TWO, bytes("x".repeat(21)), 0, 21));
        assertThrows(IllegalArgumentException.class, () -> framing.switchTo(TWO, bytes("\n"), 0, 1));
        assertSame(term, framing.term());
        for (int i = 0; i < 2; i++) {
            offer(term, "x".repeat(20));
        }
        assertEquals(Connection.BACK_PRESSURED, framing.switchTo(TWO, bytes("x".repeat(20)), 0, 20));
        assertSame(term, framing.term());
        rings.close();
        assertEquals(Connection.CLOSED, framing.switchTo(TWO, bytes("x"), 0, 1));
        assertEquals(("x".repeat(20) + "\r\n").repeat(2), wire());
    }

    /** A protocol that lets a test in while the last message is being written. */
    private record Pausing(Runnable pause) implements Protocol {
        @Override
        public int maxMessageLength() {
            return 20;
        }

        @Override
        public int headerLength(final int messageLength) {
            return 1;
        }

        @Override
        public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
            target.put(offset, (byte) '>');
            pause.run();
        }

        @Override
        public Decoder newDecoder() {
            throw new AssertionError("nothing to decode");
        }
    }

    @Test
    void shouldTellOthersToComeAgainWhileTheLastMessageGoesOut() {
        final AtomicReference<Framing> paused = new AtomicReference<>();
        final List<Long> answers = new ArrayList<>();
        final AtomicReference<Framing.Term> before = new AtomicReference<>();
        paused.set(new Framing(rings, new Pausing(() -> {
            answers.add(paused.get().tryClaim(paused.get().term(), paused.get().ring(), 2));
            answers.add(paused.get().tryClaim(before.get(), paused.get().ring(), 2));
            rings.close();
            answers.add(paused.get().tryClaim(paused.get().term(), paused.get().ring(), 2));
        })));
        before.set(paused.get().term());
        assertEquals(5, paused.get().switchTo(TWO, bytes("last"), 0, 4));
        assertEquals(List.of(Connection.ADMIN_ACTION, Framing.SWITCHED, Connection.CLOSED), answers);
        assertEquals(">last", wire());
    }

    /** All senders tag their messages with the protocol they were framed by; the wire must show each switch once. */
    @Test
    void shouldKeepProtocolsApartWhenManySendWhileItIsSwitched() throws Exception {
        final int senders = 3;
        final int rounds = 2_000;
        final RingCell cell = new RingCell(4096, 64, Memory.HEAP);
        final ByteRing shared = cell.active();
        final Protocol[] widths = new Protocol[250];
        for (int i = 0; i < widths.length; i++) {
            // Wide enough to tell by its length which one framed a message.
            widths[i] = new LengthPrefixProtocol(1 + i % 4, 3).adjustment(i);
        }
        final Framing switching = new Framing(cell, widths[0]);
        final CountDownLatch done = new CountDownLatch(senders);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < senders; i++) {
            final Thread sender = new Thread(() -> {
                try {
                    while (!cell.isClosed()) {
                        final Framing.Term term = switching.term();
                        final long claim = switching.tryClaim(term, shared, 3);
                        if (claim >= 0) {
                            shared.buffer().put(switching.begin(term, shared, claim, 3), new byte[] {1, 2, 3});
                            switching.commit(term, shared, claim, 3);
                        }
                    }
                } catch (final RuntimeException | Error ex) {
                    failure.set(ex);
                } finally {
                    done.countDown();
                }
            });
            sender.setDaemon(true);
            sender.start();
        }
        final int[] current = {0};
        final int[] seen = {0, 0};
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (int round = 1; round <= rounds; round++) {
            final int next = round % widths.length;
            if (round % 2 == 0) {
                switching.switchTo(widths[next]);
            } else {
                while (switching.switchTo(widths[next], ByteBuffer.wrap(new byte[] {9, 9, 9}), 0, 3) < 0) {
                    drain(shared, widths, current, seen);
                    assertTrue(System.nanoTime() < deadline, "no room for a last message");
                }
            }
            drain(shared, widths, current, seen);
        }
        cell.close();
        assertTrue(done.await(60, TimeUnit.SECONDS));
        drain(shared, widths, current, seen);
        assertEquals(null, failure.get());
        assertEquals(rounds / 2, seen[1], "every last message");
        assertTrue(seen[0] > 0, "senders' messages");
    }

    private static void drain(final ByteRing ring, final Protocol[] protocols, final int[] current, final int[] seen) {
        ring.read(
                (buffer, offset, length) -> {
                    final int width = length - 3;
                    int value = 0;
                    for (int i = 0; i < width; i++) {
                        value = (value << 8) | Byte.toUnsignedInt(buffer.get(offset + i));
                    }
                    final int by = value - 3;
                    assertEquals(by % 4 + 1, width);
                    // Only forward: the next ones, not more than half the circle away.
                    final int steps = Math.floorMod(by - current[0], protocols.length);
                    assertTrue(steps < protocols.length / 2, "from=" + current[0] + " to=" + by);
                    final byte[] message = new byte[3];
                    buffer.get(offset + width, message);
                    if (message[0] == 9) {
                        seen[1]++;
                        // The last of its protocol: what follows is of a later one.
                        current[0] = Math.floorMod(by + 1, protocols.length);
                    } else {
                        assertArrayEquals(new byte[] {1, 2, 3}, message);
                        seen[0]++;
                        current[0] = by;
                    }
                },
                1000);
    }
}
