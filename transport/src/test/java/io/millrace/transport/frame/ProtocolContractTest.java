package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every protocol. */
class ProtocolContractTest {
    private static final int MAX = 200;
    private static final int ROUNDS = 200;

    static Stream<Protocol> framed() {
        return Stream.concat(
                IntStream.rangeClosed(1, 4)
                        .mapToObj(width -> new LengthPrefixProtocol(width, MAX))
                        .flatMap(protocol -> Stream.of(
                                protocol,
                                protocol.order(ByteOrder.LITTLE_ENDIAN),
                                protocol.countingItself(),
                                protocol.allowingEmpty()
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .adjustment(17),
                                protocol.adjustment(-1))),
                Stream.of(
                        new VarintPrefixProtocol(MAX),
                        new VarintPrefixProtocol(MAX).allowingEmpty(),
                        new FixedLengthProtocol(1),
                        new FixedLengthProtocol(7),
                        new DelimiterProtocol(MAX, (byte) 'a'),
                        new DelimiterProtocol(MAX, Frames.bytes("aab")),
                        new DelimiterProtocol(MAX, Frames.bytes("aa")),
                        new DelimiterProtocol(MAX, Frames.bytes("abababab")),
                        new LineProtocol(MAX, LineProtocol.Ending.LF),
                        new LineProtocol(MAX, LineProtocol.Ending.CRLF)));
    }

    static Stream<Protocol> all() {
        return Stream.concat(framed(), Stream.of(new RawStreamProtocol(MAX), new RawStreamProtocol(3)));
    }

    /** From few letters, so that delimiters come near. */
    private static byte[] content(final Random random, final int length) {
        final byte[] letters = Frames.bytes("ab\r\0\u0080\u00ff");
        final byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = letters[random.nextInt(letters.length)];
        }
        return content;
    }

    /** A message that the protocol takes. */
    private static byte[] message(final Protocol protocol, final Random random) {
        while (true) {
            final int least = protocol.minMessageLength();
            final int most = random.nextInt(4) == 0 ? protocol.maxMessageLength() : least + 4;
            final byte[] message =
                    content(random, Math.min(protocol.maxMessageLength(), least + random.nextInt(most - least + 1)));
            try {
                Frames.encode(protocol, message);
                return message;
            } catch (final IllegalArgumentException ignored) {
                // It makes up the delimiter: the next one may not.
            }
        }
    }

    private static List<byte[]> messages(final Protocol protocol, final Random random, final int count) {
        return Stream.generate(() -> message(protocol, random)).limit(count).collect(Collectors.toList());
    }

    private static List<String> texts(final List<byte[]> messages) {
        return messages.stream().map(Frames::text).collect(Collectors.toList());
    }

    @ParameterizedTest
    @MethodSource("framed")
    void shouldDecodeTheSameMessagesWhenCutAtEveryByte(final Protocol protocol) {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<byte[]> messages = messages(protocol, random, 12);
        final byte[] bytes = Frames.encode(protocol, messages);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertEquals(texts(messages), Frames.decode(protocol, bytes, cut), "seed=" + seed + " cut=" + cut);
        }
        assertEquals(texts(messages), Frames.decode(protocol, bytes, Frames.everyByte(bytes.length)), "seed=" + seed);
    }

    @ParameterizedTest
    @MethodSource("framed")
    void shouldDecodeTheSameMessagesWhenCutAtRandom(final Protocol protocol) {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            final List<byte[]> messages = messages(protocol, random, random.nextInt(10));
            final byte[] bytes = Frames.encode(protocol, messages);
            final int[] ends =
                    random.ints(random.nextInt(6), 0, bytes.length + 1).sorted().toArray();
            assertEquals(
                    texts(messages),
                    Frames.decode(protocol, bytes, ends),
                    "seed=" + seed + " round=" + round + " ends=" + Arrays.toString(ends));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldLoseNoByteWhenStoppedAtEachMessage(final Protocol protocol) {
        final long seed = System.nanoTime();
        final List<byte[]> messages = messages(protocol, new Random(seed), 10);
        final byte[] bytes = Frames.encode(protocol, messages);
        final ByteBuffer source = ByteBuffer.wrap(bytes);
        final Protocol.Decoder decoder = protocol.newDecoder();
        final StringBuilder got = new StringBuilder();
        final int[] calls = {0};
        int at = 0;
        while (at < bytes.length) {
            calls[0] = 0;
            at += decoder.decode(source, at, bytes.length, (buffer, offset, length) -> {
                final byte[] message = new byte[length];
                buffer.get(offset, message);
                got.append(Frames.text(message));
                calls[0]++;
                return false;
            });
            assertEquals(1, calls[0], "seed=" + seed);
        }
        assertEquals(String.join("", texts(messages)), got.toString(), "seed=" + seed);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldFrameTheLongestAndTheShortestMessage(final Protocol protocol) {
        for (final int length : new int[] {protocol.minMessageLength(), protocol.maxMessageLength()}) {
            final byte[] message = new byte[length];
            Arrays.fill(message, (byte) 'x');
            final byte[] frame = Frames.encode(protocol, message);
            assertTrue(frame.length >= 1);
            assertTrue(frame.length <= protocol.maxFrameLength());
            assertEquals(Frames.text(message), String.join("", Frames.decode(protocol, frame)));
        }
    }

    /** A peer that sends nonsense costs itself its connection and nothing else: no other exception, no endless buffering. */
    @ParameterizedTest
    @MethodSource("all")
    void shouldRefuseOrBoundWhateverComes(final Protocol protocol) {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            final byte[] bytes = new byte[1 + random.nextInt(4 * MAX)];
            if (random.nextBoolean()) {
                random.nextBytes(bytes);
            } else {
                Arrays.fill(bytes, (byte) random.nextInt());
            }
            final ByteBuffer source = ByteBuffer.wrap(bytes);
            final Protocol.Decoder decoder = protocol.newDecoder();
            int at = 0;
            try {
                for (int limit = 1; limit <= bytes.length; limit++) {
                    at += decoder.decode(source, at, limit, (buffer, offset, length) -> {
                        assertTrue(length >= 0 && length <= protocol.maxMessageLength(), "length=" + length);
                        return true;
                    });
                    assertTrue(limit - at < Math.max(2, protocol.maxFrameLength() + 1), "seed=" + seed);
                }
            } catch (final ProtocolException ex) {
                assertTrue(ex.getMessage().contains("="), ex.getMessage());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldLeaveTheMessageAsItIsWhenCompleted(final Protocol protocol) {
        final byte[] message = new byte[protocol.maxMessageLength()];
        Arrays.fill(message, (byte) 'x');
        final byte[] frame = Frames.encode(protocol, message);
        final int header = protocol.headerLength(message.length);
        assertArrayEquals(message, Arrays.copyOfRange(frame, header, header + message.length));
        assertEquals(frame.length, header + message.length + protocol.trailerLength(message.length));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldNotShareADecodersMemoryBetweenConnections(final Protocol protocol) {
        final byte[] message = new byte[protocol.maxMessageLength()];
        Arrays.fill(message, (byte) 'x');
        final byte[] frame = Frames.encode(protocol, message);
        protocol.newDecoder().decode(ByteBuffer.wrap(frame), 0, frame.length - 1, (b, o, l) -> true);
        final List<Integer> lengths = new ArrayList<>();
        protocol.newDecoder().decode(ByteBuffer.wrap(frame), 0, frame.length, (b, o, l) -> lengths.add(l));
        assertEquals(List.of(message.length), lengths);
    }
}
