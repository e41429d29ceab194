package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Pings of the connection's own, by a clock that the test turns. */
class HeartbeatTest {
    private static final FrameForm PING =
            new FrameForm(FrameDescriptor.FIN | FrameDescriptor.PING, FrameDescriptor.MAX_SHORT, null, false);

    /** Numbers that run over. */
    private final Heartbeat heartbeat = new Heartbeat(PING, Long.MAX_VALUE - 1);

    /** What the peer has to send back. */
    private static long payload(final ByteBuffer frame) {
        assertEquals(10, frame.remaining());
        return frame.getLong(frame.position() + 2);
    }

    private boolean pong(final long payload, final long nowNs) {
        return heartbeat.isAnswered(ByteBuffer.allocate(11).putLong(3, payload), 3, Long.BYTES, nowNs);
    }

    @Test
    void shouldMeasureEachRoundTripAlsoOneThatLastsLongerThanTheInterval() {
        assertEquals(-1, heartbeat.roundTripNs());
        final long first = payload(heartbeat.next(1_000));
        final long second = payload(heartbeat.next(2_000));
        final long third = payload(heartbeat.next(3_000));

        assertTrue(pong(first, 3_500));
        assertEquals(2_500, heartbeat.roundTripNs());
        assertTrue(pong(second, 3_600));
        assertEquals(1_600, heartbeat.roundTripNs());
        assertTrue(pong(third, 3_601));
        assertEquals(601, heartbeat.roundTripNs());
    }

    @Test
    void shouldMeasureForAsLongAsPingsAreAnswered() {
        for (int i = 1; i <= 100; i++) {
            assertTrue(pong(payload(heartbeat.next(1_000L * i)), 1_000L * i + i));
            assertEquals(i, heartbeat.roundTripNs());
        }
    }

    @Test
    void shouldMeasureTheOldestOfEightPingsUnderWay() {
        final long oldest = payload(heartbeat.next(100));
        for (int i = 1; i < 8; i++) {
            heartbeat.next(100 + i);
        }

        assertTrue(pong(oldest, 300));
        assertEquals(200, heartbeat.roundTripNs());
    }

    @Test
    void shouldMeasureNothingByAnAnswerThatComesAgainOrTooLate() {
        final long first = payload(heartbeat.next(0));
        final long second = payload(heartbeat.next(10));
        assertTrue(pong(second, 15));
        assertTrue(pong(second, 99));
        assertTrue(pong(first, 99));
        assertEquals(5, heartbeat.roundTripNs());

        final long old = payload(heartbeat.next(100));
        for (int i = 0; i < 8; i++) {
            heartbeat.next(200 + i);
        }
        assertTrue(pong(old, 300));
        assertEquals(5, heartbeat.roundTripNs());
    }

    @Test
    void shouldLeavePongsOfOthersToTheHandler() {
        assertFalse(pong(1, 0));
        final long first = payload(heartbeat.next(0));

        assertFalse(pong(first + 1, 1), "not sent yet");
        assertFalse(pong(first - 1, 1));
        assertFalse(pong(1, 1), "a user's own first ping");
        assertFalse(heartbeat.isAnswered(ByteBuffer.allocate(7), 0, 7, 1));
        assertFalse(heartbeat.isAnswered(ByteBuffer.allocate(0), 0, 0, 1));
        assertEquals(-1, heartbeat.roundTripNs());
    }

    @Test
    void shouldBeginElsewhereOnEachConnection() {
        assertNotEquals(payload(new Heartbeat(PING).next(0)), payload(new Heartbeat(PING).next(0)));
    }
}
