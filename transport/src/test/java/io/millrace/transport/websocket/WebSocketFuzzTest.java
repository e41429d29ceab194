package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random bytes, and good ones with a few changed, against what has to hold whatever comes: nothing but the exceptions for a
 * peer's faults is thrown, and what comes of the bytes does not depend on how they are cut. A failing seed is printed;
 * {@code -Dmillrace.fuzz.seed=N} plays it alone.
 */
class WebSocketFuzzTest {
    private static final int FRAME_SEEDS = Integer.getInteger("millrace.fuzz.seeds", 40_000);
    private static final Long ONLY = Long.getLong("millrace.fuzz.seed");

    private interface Round {
        void play(Random random);
    }

    private static void playAll(final int seeds, final Round round) {
        for (long seed = ONLY == null ? 0 : ONLY; seed < (ONLY == null ? seeds : ONLY + 1); seed++) {
            try {
                round.play(new Random(seed));
            } catch (final RuntimeException | AssertionError ex) {
                throw new AssertionError("millrace.fuzz.seed=" + seed, ex);
            }
        }
    }

    private static byte[] frames(final Random random, final boolean masked) {
        final ByteBuffer wire = ByteBuffer.allocate(2_000);
        for (int i = random.nextInt(6); i >= 0; i--) {
            final int[] firsts = {0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x89, 0x8A, 0x88, random.nextInt(256)};
            final int length = random.nextInt(8) == 0 ? 126 + random.nextInt(100) : random.nextInt(12);
            wire.put((byte) firsts[random.nextInt(firsts.length)]);
            final int mask = masked ? 0x80 : 0;
            if (length < 126) {
                wire.put((byte) (mask | length));
            } else {
                wire.put((byte) (mask | 126)).putShort((short) length);
            }
            if (masked) {
                wire.putInt(0);
            }
            for (int j = 0; j < length; j++) {
                wire.put((byte) (random.nextInt(40) == 0 ? random.nextInt(256) : 'a' + j % 26));
            }
        }
        final byte[] bytes = new byte[wire.position()];
        wire.get(0, bytes);
        for (int i = random.nextInt(4); i > 1; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void shouldMakeTheSameOfFramesHoweverTheyAreCut() {
        playAll(FRAME_SEEDS, random -> {
            final boolean masked = random.nextBoolean();
            final byte[] wire = frames(random, masked);
            final List<String> whole = FrameRig.eventsOf(masked, wire, wire.length);

            assertEquals(whole, FrameRig.eventsOf(masked, wire, random.nextInt(wire.length + 1)));
            assertEquals(whole, FrameRig.eventsOfDrops(masked, wire));
        });
    }

    @Test
    void shouldMakeTheSameOfPiecesAsOfWholeMessages() {
        playAll(FRAME_SEEDS / 4, random -> {
            final byte[] wire = frames(random, true);
            final List<String> whole = FrameRig.eventsOf(true, wire, wire.length);
            final FrameRig rig = new FrameRig(true, true);
            String end = "";
            try {
                for (final byte drop : wire) {
                    rig.receive(drop);
                }
            } catch (final ProtocolException ex) {
                end = ex.reason().name();
            }
            final List<String> joined = new ArrayList<>();
            final StringBuilder message = new StringBuilder();
            for (final String event : rig.events) {
                final boolean last = event.startsWith("last ");
                if (last || event.startsWith("piece ")) {
                    final String piece = event.substring(event.indexOf(' ') + 1);
                    message.append(message.length() == 0 ? piece : piece.substring(piece.indexOf(' ') + 1));
                    if (last) {
                        joined.add(message.toString());
                        message.setLength(0);
                    }
                } else {
                    joined.add(event);
                }
            }
            if (!end.isEmpty()) {
                joined.add(end);
            }
            assertEquals(whole, joined);
        });
    }

    private static final String REQUEST = String.join(
            "\r\n",
            "GET /path?q HTTP/1.1",
            "Host: h",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x",
            "Sec-WebSocket-Protocol: a, b",
            "",
            "rest");

    private static String outcome(final byte[] wire, final int step) {
        final ServerOpening opening = new ServerOpening(
                new WebSocketContext().maxHeadLength(400).protocols("b").deflate(new DeflateContext()), "");
        int consumed = 0;
        for (int limit = 0;
                limit < wire.length && !opening.isOpen() && opening.refusal().isEmpty(); ) {
            limit = Math.min(wire.length, limit + step);
            final int bytes = opening.take(ByteBuffer.wrap(wire), consumed, limit);
            assertTrue(bytes >= 0 && bytes <= limit - consumed, "bytes=" + bytes);
            consumed += bytes;
        }
        assertTrue(!opening.isOpen() || opening.refusal().isEmpty());
        assertTrue(opening.isOpen() == said(opening).startsWith("HTTP/1.1 101 "), said(opening));
        return opening.isOpen() ? "open " + opening.protocol + consumed : said(opening);
    }

    private static String said(final ServerOpening opening) {
        return StandardCharsets.ISO_8859_1.decode(opening.words().duplicate()).toString();
    }

    @Test
    void shouldMakeTheSameOfARequestHoweverItIsCut() {
        playAll(FRAME_SEEDS / 4, random -> {
            final byte[] wire = REQUEST.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = random.nextInt(4); i > 0; i--) {
                final byte[] likely = {'\r', '\n', ' ', ':', ',', ';', '=', '"', 0, (byte) random.nextInt(256)};
                wire[random.nextInt(wire.length)] = likely[random.nextInt(likely.length)];
            }
            final String whole = outcome(wire, wire.length);

            assertEquals(whole, outcome(wire, 1));
            assertEquals(whole, outcome(wire, 1 + random.nextInt(40)));
        });
    }
}
