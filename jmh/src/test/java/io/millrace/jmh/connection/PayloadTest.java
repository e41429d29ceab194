package io.millrace.jmh.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private static final int LENGTH = 100;

    private final Payload payload = new Payload(1, LENGTH);
    private final Payload.Check check = new Payload.Check(2, LENGTH);

    private ByteBuffer next() {
        final ByteBuffer copy = ByteBuffer.allocate(LENGTH).put(0, payload.stamped(), 0, LENGTH);
        payload.sent();
        return copy;
    }

    @Test
    void shouldAcceptMessagesInOrder() {
        for (int i = 0; i < 10; i++) {
            check.onMessage(next(), 0, LENGTH);
        }
        assertEquals(10, payload.count());
    }

    @Test
    void shouldBeTextThroughout() {
        for (int i = 0; i < 300; i++) {
            final ByteBuffer message = next();
            for (int at = 0; at < LENGTH; at++) {
                assertTrue(message.get(at) >= 0, "message=" + i + " at=" + at);
            }
            check.onMessage(message, 0, LENGTH);
        }
        assertEquals(300, payload.count());
    }

    @Test
    void shouldFailWhenMessageIsLost() {
        check.onMessage(next(), 0, LENGTH);
        next();
        assertThrows(IllegalStateException.class, () -> check.onMessage(next(), 0, LENGTH));
    }

    @Test
    void shouldFailWhenMessageComesTwice() {
        final ByteBuffer message = next();
        check.onMessage(message, 0, LENGTH);
        assertThrows(IllegalStateException.class, () -> check.onMessage(message, 0, LENGTH));
    }

    @Test
    void shouldFailWhenAnyBitIsWrong() {
        final ByteBuffer message = next();
        for (int i = 0; i < LENGTH; i++) {
            final byte right = message.get(i);
            final int bit = ThreadLocalRandom.current().nextInt(Byte.SIZE);
            message.put(i, (byte) (right ^ (1 << bit)));
            final String where = "byte=" + i + " bit=" + bit;
            assertThrows(IllegalStateException.class, () -> check.onMessage(message, 0, LENGTH), where);
            message.put(i, right);
        }
        check.onMessage(message, 0, LENGTH);
    }

    @Test
    void shouldFailWhenWordsAreSwapped() {
        final ByteBuffer message = next();
        final long first = message.getLong(Payload.MIN_LENGTH);
        message.putLong(Payload.MIN_LENGTH, message.getLong(Payload.MIN_LENGTH + Long.BYTES));
        message.putLong(Payload.MIN_LENGTH + Long.BYTES, first);
        assertThrows(IllegalStateException.class, () -> check.onMessage(message, 0, LENGTH));
    }

    @Test
    void shouldFailWhenLengthIsWrong() {
        final ByteBuffer message = next();
        assertThrows(IllegalStateException.class, () -> check.onMessage(message, 0, LENGTH - 1));
    }

    @Test
    void shouldTellSendersApartWhenThereAreThousands() {
        final int sender = Payload.MAX_SENDERS - 1;
        final ByteBuffer message = new Payload(sender, LENGTH).stamped();
        assertEquals(sender, Payload.sender(message, 0));
        Payload.Check.ofOne(sender, LENGTH).onMessage(message, 0, LENGTH);
        final Payload.Check another = Payload.Check.ofOne(sender - 1, LENGTH);
        assertThrows(IllegalStateException.class, () -> another.onMessage(message, 0, LENGTH));
        assertThrows(IllegalArgumentException.class, () -> Payload.Check.ofOne(Payload.MAX_SENDERS, LENGTH));
    }
}
