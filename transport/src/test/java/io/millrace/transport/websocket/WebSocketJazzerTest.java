package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.transport.ProtocolException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Jazzer against the parser, the inflater and both handshakes. In the build it plays the corpus, in this test's resources, and
 * that alone; {@code JAZZER_FUZZ=1} in the environment makes it look for more, by coverage:
 * {@code mvn -Pproof} does so for each method. The first byte of an input says how the rest is cut and taken.
 */
class WebSocketJazzerTest {
    private static final int MAX_LENGTH = 4_096;

    /** More than deflate can reach: when a bound in the ratio is hit depends on how the bytes are cut. */
    private static final int NO_RATIO = 2_000;

    private static byte[] wireOf(final byte... data) {
        return Arrays.copyOfRange(data, 1, Math.min(data.length, MAX_LENGTH));
    }

    private static List<String> events(final int how, final byte[] wire, final int step) {
        final FrameRig rig = new FrameRig((how & 1) != 0, false);
        if ((how & 2) != 0) {
            rig.decoder.inflateBy(new MessageInflater((how & 4) != 0, NO_RATIO, false));
        }
        try {
            for (int at = 0; at < wire.length; at += step) {
                rig.receive(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + step)));
            }
        } catch (final ProtocolException ex) {
            // Which fault of a compressed message is met first depends on how it is cut.
            rig.events.add((how & 2) == 0 ? ex.reason().name() : "failed");
        } finally {
            rig.decoder.end();
        }
        return rig.events;
    }

    /** The same comes of frames however they are cut, and nothing else is thrown. */
    @FuzzTest(maxDuration = "2m")
    void frames(final byte[] data) {
        if (data.length > 1) {
            final byte[] wire = wireOf(data);
            final List<String> whole = events(data[0], wire, wire.length);

            assertEquals(whole, events(data[0], wire, 1));
            assertEquals(whole, events(data[0], wire, 1 + ((data[0] & 0xFF) >>> 3)));
        }
    }

    /** What comes in pieces that nobody wants more than one of, without their borders. */
    private static List<String> joinedPieces(final int how, final byte[] wire, final int step) {
        final FrameRig rig = new FrameRig(false, true, 1 + ((how >>> 4) & 7));
        rig.pausesBehindEach = true;
        rig.decoder.inflateBy(new MessageInflater((how & 4) != 0, NO_RATIO, true));
        try {
            for (int at = 0; at < wire.length; at += step) {
                rig.receive(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + step)));
            }
        } catch (final ProtocolException ex) {
            rig.events.add("failed");
        } finally {
            rig.decoder.end();
        }
        return FrameRig.joined(rig.events);
    }

    /** A message in pieces is the message. */
    @FuzzTest(maxDuration = "2m")
    void pieces(final byte[] data) {
        if (data.length > 1) {
            final byte[] wire = wireOf(data);
            final List<String> whole = events((data[0] & 4) | 2, wire, wire.length);
            final List<String> joined = joinedPieces(data[0], wire, 1 + ((data[0] & 0xFF) >>> 3));

            // Of a message that is refused for its end or its length, pieces came before.
            if (!whole.contains("failed")) {
                assertEquals(whole, joined);
            }
        }
    }

    private static String inflated(final int how, final byte[] message, final int step) {
        final MessageInflater inflater = new MessageInflater((how & 1) != 0, NO_RATIO, false);
        final MessageAssembly target = new MessageAssembly(100_000);
        String end = "";
        try {
            for (int at = 0; at < message.length; at += step) {
                final int length = Math.min(step, message.length - at);
                inflater.inflate(ByteBuffer.wrap(message), at, length, at + length == message.length, target);
            }
        } catch (final ProtocolException ex) {
            end = ex.reason().name();
        } finally {
            inflater.close();
        }
        assertTrue(target.length() <= 100_000);
        // How far it came before it failed depends on how it was cut.
        return end.isEmpty() ? Arrays.toString(Arrays.copyOf(target.content().array(), target.length())) : "failed";
    }

    @FuzzTest(maxDuration = "2m")
    void inflater(final byte[] data) {
        if (data.length > 1) {
            final byte[] message = wireOf(data);

            assertEquals(inflated(data[0], message, message.length), inflated(data[0], message, 1));
        }
    }

    private static String outcome(final Opening opening, final byte[] wire, final int step) {
        int consumed = 0;
        for (int limit = 0;
                limit < wire.length && !opening.isOpen() && opening.refusal().isEmpty(); ) {
            limit = Math.min(wire.length, limit + step);
            final int bytes = opening.take(ByteBuffer.wrap(wire), consumed, limit);
            assertTrue(bytes >= 0 && bytes <= limit - consumed, "bytes=" + bytes);
            consumed += bytes;
        }
        assertTrue(!opening.isOpen() || opening.refusal().isEmpty());
        return opening.isOpen()
                ? "open " + opening.protocol + opening.deflate + consumed
                : opening.refusal().map(refusal -> refusal.reason().name()).orElse("more");
    }

    private static ServerOpening server() {
        return new ServerOpening(
                new WebSocketContext().maxHeadLength(1_024).protocols("b").deflate(new DeflateContext()), "");
    }

    @FuzzTest(maxDuration = "2m")
    void requests(final byte[] data) {
        if (data.length > 1) {
            final byte[] wire = wireOf(data);
            final ServerOpening whole = server();
            final String expected = outcome(whole, wire, wire.length);
            final String said = StandardCharsets.ISO_8859_1
                    .decode(whole.words().duplicate())
                    .toString();

            assertEquals(whole.isOpen(), said.startsWith("HTTP/1.1 101 "), said);
            assertEquals(expected, outcome(server(), wire, 1));
            assertEquals(expected, outcome(server(), wire, 1 + (data[0] & 0xFF)));
        }
    }

    /** Draws the same key each time. */
    private static final class Same extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(final byte[] bytes) {
            Arrays.fill(bytes, (byte) 7);
        }
    }

    private static ClientOpening client() {
        final ClientOpening client = new ClientOpening(
                new WebSocketContext().maxHeadLength(1_024).protocols("a", "b").deflate(new DeflateContext()),
                URI.create("ws://h/p?q"),
                new Same());
        client.words();
        return client;
    }

    @FuzzTest(maxDuration = "2m")
    void answers(final byte[] data) {
        if (data.length > 1) {
            final byte[] wire = wireOf(data);
            final String expected = outcome(client(), wire, wire.length);

            assertEquals(expected, outcome(client(), wire, 1));
            assertEquals(expected, outcome(client(), wire, 1 + (data[0] & 0xFF)));
        }
    }
}
