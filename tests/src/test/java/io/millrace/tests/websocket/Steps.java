package io.millrace.tests.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** What each client says to each server, and what has to come back. */
final class Steps {
    static final int LONG = 1_000_000;
    static final String CLOSE_PLEASE = "close, please";
    private static final long DEADLINE_S = 30;
    private static final String LONG_TEXT = "worth compressing: grüß Gott, ".repeat(LONG / 30);

    private Steps() {}

    /** Waits for each answer; ends itself with a code, or is ended by the server. */
    static void play(final Peer.Talking talking, final BlockingQueue<Object> events, final boolean endsItself)
            throws Exception {
        for (final String text : new String[] {"grüß Gott 𐍈", "", LONG_TEXT, "again " + LONG_TEXT}) {
            talking.text(text, true);
            assertEquals(text, next(events));
        }
        final ByteBuffer binary = ByteBuffer.allocate(LONG);
        for (int i = 0; i < LONG; i++) {
            binary.put(i, (byte) ((i * 31) >>> 3));
        }
        talking.binary(binary.duplicate());
        assertEquals(binary, next(events));
        talking.text("one, ", false);
        talking.text("two, ", false);
        talking.text("three", true);
        assertEquals("one, two, three", next(events));
        talking.ping(ByteBuffer.wrap("ping".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(new Peer.Pong("ping"), next(events));
        if (endsItself) {
            talking.end(4001, "bye");
            assertEquals(4001, ((Peer.Closed) next(events)).code());
        } else {
            talking.text(CLOSE_PLEASE, true);
            assertEquals(new Peer.Closed(3000, "enough"), next(events));
        }
    }

    private static Object next(final BlockingQueue<Object> events) throws InterruptedException {
        return events.poll(DEADLINE_S, TimeUnit.SECONDS);
    }

    static String ascii(final ByteBuffer buffer) {
        return StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString();
    }

    static ByteBuffer copy(final ByteBuffer buffer) {
        final ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
        return copy.put(0, buffer, buffer.position(), buffer.remaining());
    }
}
