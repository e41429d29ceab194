package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages in pieces: of any length, however they are cut, and none while nothing is wanted. */
class CompressedPiecesTest {
    private static FrameRig rig(final int maxPiece, final boolean pauses) {
        return rig(maxPiece, pauses, 2_000);
    }

    private static FrameRig rig(final int maxPiece, final boolean pauses, final int maxRatio) {
        final FrameRig rig = new FrameRig(false, true, maxPiece);
        rig.decoder.inflateBy(new MessageInflater(true, maxRatio, true));
        rig.pausesBehindEach = pauses;
        return rig;
    }

    private static byte[] frame(final int head, final byte... payload) {
        final ByteBuffer frame = ByteBuffer.allocate(4 + payload.length).put((byte) head);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) 126).putShort((short) payload.length);
        }
        frame.put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** Frames of a compressed message, as many as are asked for; the last may be empty. */
    private static byte[] wire(final byte[] deflated, final int frames, final boolean lastIsEmpty) {
        final ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
            final boolean last = i == frames - 1 && !lastIsEmpty;
            final int from = deflated.length * i / frames;
            final byte[] part = Arrays.copyOfRange(deflated, from, deflated.length * (i + 1) / frames);
            wire.writeBytes(frame((i == 0 ? 0x42 : 0) | (last ? 0x80 : 0), part));
        }
        if (lastIsEmpty) {
            wire.writeBytes(frame(0x80));
        }
        return wire.toByteArray();
    }

    private static byte[] content(final int length) {
        final Random random = new Random(length);
        final byte[] content = new byte[length];
        for (int at = 0; at < length; at += 1 + random.nextInt(30)) {
            content[at] = (byte) ('!' + random.nextInt(90));
        }
        return content;
    }

    private static byte[] deflated(final byte[] content) {
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(content);
        final byte[] all = new byte[content.length + 100];
        final int length = deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(all, length - 4);
    }

    private static void receive(final FrameRig rig, final byte[] wire, final int step) {
        for (int at = 0; at < wire.length; at += step) {
            rig.receive(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + step)));
        }
    }

    private static String content(final byte... bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void assertPieces(final FrameRig rig, final int maxPiece, final String expected) {
        assertEquals(List.of("binary " + expected), FrameRig.joined(rig.events));
        assertFalse(rig.overrun);
        final int count = rig.events.size();
        for (int i = 0; i < count; i++) {
            final String event = rig.events.get(i);
            assertEquals(i == count - 1, event.startsWith("last "), event);
            assertTrue(event.length() - event.indexOf("binary ") - 7 <= maxPiece, event);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, false",
        "7, 1, false",
        "100, 1, false",
        "2999, 1, false",
        "3000, 1, false",
        "70000, 1, false",
        "1, 3, false",
        "7, 3, true",
        "100, 5, true",
        "70000, 3, true"
    })
    void shouldHandOverWhatIsLongerThanAPieceWhereverItIsCut(
            final int maxPiece, final int frames, final boolean lastIsEmpty) {
        final byte[] content = content(3_000);
        final byte[] wire = wire(deflated(content), frames, lastIsEmpty);
        for (final boolean pauses : new boolean[] {false, true}) {
            for (final int step : new int[] {1, 2, 17, wire.length}) {
                final FrameRig rig = rig(maxPiece, pauses);
                for (int message = 0; message < 2; message++) {
                    rig.events.clear();
                    receive(rig, wire, step);
                    assertPieces(rig, maxPiece, content(content));
                }
            }
        }
    }

    /** RFC 6455 section 5.3. */
    private static byte[] masked(final byte[] frame) {
        final int header = frame.length > 2 && frame[1] == 126 ? 4 : 2;
        final byte[] key = {1, 2, 4, 8};
        final ByteBuffer masked = ByteBuffer.allocate(frame.length + key.length)
                .put(frame, 0, header)
                .put(1, (byte) (frame[1] | 0x80))
                .put(key);
        for (int i = header; i < frame.length; i++) {
            masked.put((byte) (frame[i] ^ key[(i - header) % 4]));
        }
        return masked.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 400})
    void shouldHandOverWhatComesBeforeItGoesOnBehindAPause(final int step) {
        final byte[] content = content(3_000);
        final byte[] wire = masked(wire(deflated(content), 1, false));
        final FrameRig rig = new FrameRig(true, true, 100);
        rig.decoder.inflateBy(new MessageInflater(true, 2_000, true));
        rig.pausesBehindEach = true;
        for (int at = 0; at < wire.length; at += step) {
            rig.decode(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + step)));
        }
        rig.receive();

        assertPieces(rig, 100, content(content));
    }

    @Test
    void shouldHandOverAMessageManyTimesAsLongAsAPieceThatComesAtOnce() {
        final byte[] content = new byte[2_000_000];
        final FrameRig rig = rig(1_000, true);
        rig.receive(wire(deflated(content), 1, false));

        assertPieces(rig, 1_000, content(content));
    }

    /** The last block lacks four bytes of its content: they are what the sender is taken to have left out. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 100})
    void shouldHandOverInPiecesWhatTheTailBrings(final int maxPiece) {
        final byte[] deflated = HexFormat.of().parseHex("000600f9ff6162");
        for (final boolean pauses : new boolean[] {false, true}) {
            final FrameRig rig = rig(maxPiece, pauses);
            rig.receive(wire(deflated, 1, false));
            assertPieces(rig, maxPiece, "ab\0\0\u00ff\u00ff");
        }
        final FrameRig rig = rig(maxPiece, true);
        rig.receive(wire(deflated, 1, true));
        rig.overrun = false;
        assertPieces(rig, maxPiece, "ab\0\0\u00ff\u00ff");
    }

    @Test
    void shouldBoundTheRatioOfWhatIsHandedOverInPieces() {
        final FrameRig rig = rig(1_000, false, 100);
        final byte[] wire = wire(deflated(new byte[500_000]), 1, false);
        final ProtocolException tooMuch = assertThrows(ProtocolException.class, () -> rig.receive(wire));

        assertEquals(CloseReason.MESSAGE_TOO_LONG, tooMuch.reason());
    }

    /** What is given again for a pause is not counted again. */
    @Test
    void shouldReckonTheRatioByWhatCameHoweverOftenItIsGiven() {
        final byte[] content = new byte[60_000];
        final byte[] deflated = deflated(content);
        final byte[] wire = wire(deflated, 1, false);
        final FrameRig rig = rig(1_000, true, content.length / deflated.length);
        rig.receive(wire);

        assertPieces(rig, 1_000, content(content));
        final FrameRig strict = rig(1_000, true, content.length / (deflated.length + 1));
        assertThrows(ProtocolException.class, () -> strict.receive(wire));
    }

    @Test
    void shouldTakeTheNextFrameBehindAPause() {
        final FrameRig rig = rig(100, true);
        final ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(wire(deflated(content(500)), 2, false));
        wire.writeBytes(frame(0x89, (byte) 'p'));
        wire.writeBytes(frame(0x82, (byte) 'b'));
        rig.receive(wire.toByteArray());

        assertEquals(
                List.of("binary " + content(content(500)), "control 9 p", "binary b"), FrameRig.joined(rig.events));
    }
}
