package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Memory;
import io.millrace.transport.Protocol;
import io.millrace.transport.frame.FixedLengthProtocol;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.frame.LineProtocol;
import io.millrace.transport.frame.RawStreamProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundTest {
    private static final Protocol LINES = new LineProtocol(100, LineProtocol.Ending.LF);
    private static final int LONGEST = 300_000;

    private final FakeChannel channel = new FakeChannel();
    private final BufferPool buffers = new BufferPool();
    private final List<String> messages = new ArrayList<>();
    private Inbound inbound = inbound(LINES);
    private Runnable onMessage = () -> {};
    private boolean goOn = true;
    private ByteBuffer last;

    private Inbound inbound(final Protocol protocol) {
        return new Inbound(new PlainPipe(channel), protocol, buffers, this::onMessage);
    }

    private boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] message = new byte[length];
        buffer.get(offset, message);
        last = buffer;
        messages.add(new String(message, StandardCharsets.ISO_8859_1));
        onMessage.run();
        return goOn;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void receive(final byte[] bytes, final int from, final int limit) throws IOException {
        channel.receive(ByteBuffer.wrap(bytes, from, limit - from));
        pollAll();
    }

    private void receive(final String text) throws IOException {
        receive(bytes(text), 0, text.length());
    }

    private void pollAll() throws IOException {
        int turns = 0;
        while (inbound.poll() > 0) {
            assertTrue(++turns < 1000, "spins");
        }
        // As before the thread sleeps.
        inbound.shelve();
    }

    @AfterEach
    void shouldOweNothingWhenClosed() {
        inbound.close();
        inbound.close();
        assertEquals(0, buffers.lent());
    }

    @Test
    void shouldBorrowNothingWhileIdle() throws IOException {
        assertFalse(inbound.isBorrowing());
        pollAll();
        assertFalse(inbound.isBorrowing());
        receive("a\nb");
        assertFalse(inbound.isBorrowing());
        assertEquals(1, inbound.pending());
        receive("c\n");
        assertFalse(inbound.isBorrowing());
        assertEquals(List.of("a", "bc"), messages);
        assertEquals(0, buffers.lent());
    }

    @Test
    void shouldNotPassTheBufferToAndFroWhileReadsBringNothing() throws IOException {
        for (int i = 1; i < Inbound.MAX_EMPTY_READS; i++) {
            assertEquals(0, inbound.poll());
            assertTrue(inbound.isBorrowing(), "given back after empty reads=" + i);
        }
        assertEquals(0, inbound.poll());
        assertFalse(inbound.isBorrowing(), "kept by a thread that never sleeps");
    }

    @Test
    void shouldHoldNoMoreThanWhatTricklesInAndLeaveNoneOfItBehind() throws IOException {
        final String line = "0123456789".repeat(9);
        for (int i = 0; i < line.length(); i++) {
            receive(line.substring(i, i + 1));
            assertEquals(0, buffers.lent());
            assertTrue(inbound.shelf.length <= Math.max(64, 2 * (i + 1)), "shelf=" + inbound.shelf.length);
        }
        final byte[] shelf = inbound.shelf;
        receive("!\n");
        assertEquals(List.of(line + "!"), messages);
        assertArrayEquals(new byte[shelf.length], shelf);
        inbound.rest();
        assertEquals(0, inbound.shelf.length);
    }

    @Test
    void shouldTakeALongStartOfAMessageBackFromTheShelf() throws IOException {
        inbound = inbound(new LengthPrefixProtocol(LONGEST));
        final ByteBuffer frames = ByteBuffer.allocate(2 * (4 + LONGEST));
        frames.putInt(0, LONGEST).putInt(4 + LONGEST, LONGEST).put(frames.capacity() - 1, (byte) 'z');
        // The second begins in the buffer that grew for the first, and is longer than the smallest one.
        receive(frames.array(), 0, 400_000);
        assertFalse(inbound.isBorrowing(), "not shelved, so the test misses what it is for");
        receive(frames.array(), 400_000, frames.capacity());
        assertEquals(2, messages.size());
        assertEquals('z', messages.get(1).charAt(LONGEST - 1));
    }

    @Test
    void shouldLeaveNothingOnTheShelfWhenSkippedOrClosed() throws IOException {
        receive("secret");
        final byte[] shelf = inbound.shelf;
        inbound.skip();
        assertArrayEquals(new byte[shelf.length], shelf);
        receive("secret");
        assertEquals('s', inbound.shelf[0]);
        inbound.close();
        assertArrayEquals(new byte[shelf.length], shelf);
        assertEquals(0, inbound.shelf.length);
        assertEquals(0, inbound.pending());
    }

    @Test
    void shouldKeepTheBufferForALongStartOfAMessage() throws IOException {
        inbound = inbound(new LengthPrefixProtocol(LONGEST));
        final ByteBuffer start = ByteBuffer.allocate(40_000).putInt(0, 50_000);
        receive(start.array(), 0, 40_000);
        assertTrue(inbound.isBorrowing());
        receive(start.array(), 4, 10_008);
        assertEquals(50_000, messages.get(0).length());
    }

    @Test
    void shouldLeaveNoContentInTheBufferItGivesBack() throws IOException {
        receive("secret\nsecret");
        receive("!\ns\n");
        final ByteBuffer buffer = buffers.lend(Memory.DIRECT, BufferPool.MIN_CAPACITY);
        for (int i = 0; i < buffer.capacity(); i++) {
            assertEquals(0, buffer.get(i));
        }
        buffers.takeBack(buffer, 0);
    }

    @Test
    void shouldLeaveNoContentWhenItIsSkipped() throws IOException {
        channel.receive(ByteBuffer.wrap(bytes("secret\nsecret")));
        assertEquals(13, inbound.skip());
        assertEquals(0, inbound.skip());
        inbound.shelve();
        assertFalse(inbound.isBorrowing());
        assertEquals(0, buffers.lend(Memory.DIRECT, BufferPool.MIN_CAPACITY).get(0));
        buffers.takeBack(ByteBuffer.allocateDirect(BufferPool.MIN_CAPACITY), 0);
        assertEquals(List.of(), messages);
    }

    @Test
    void shouldGrowForLongMessagesAndLeaveNoContentInAnyBuffer() throws IOException {
        inbound = inbound(new LengthPrefixProtocol(LONGEST));
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final ByteBuffer frames = ByteBuffer.allocate(6 * LONGEST);
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            final byte[] message = new byte[1 + random.nextInt(LONGEST)];
            random.nextBytes(message);
            expected.add(new String(message, StandardCharsets.ISO_8859_1));
            frames.putInt(message.length).put(message);
        }
        int at = 0;
        while (at < frames.position()) {
            final int end = Math.min(frames.position(), at + 1 + random.nextInt(100_000));
            receive(frames.array(), at, end);
            at = end;
        }
        assertEquals(expected, messages, "seed=" + seed);
        assertFalse(inbound.isBorrowing());
        assertEquals(0, buffers.lent());
        for (int capacity = BufferPool.MIN_CAPACITY; capacity <= 1 << 20; capacity *= 2) {
            final ByteBuffer buffer = buffers.lend(Memory.DIRECT, capacity);
            for (int i = 0; i < capacity; i++) {
                assertEquals(0, buffer.get(i));
            }
            buffers.takeBack(buffer, 0);
        }
    }

    @Test
    void shouldBorrowMoreOnceAReadHasFilledLittleAndLittleAgainAfterARest() throws IOException {
        receive("a\n");
        assertEquals(BufferPool.MIN_CAPACITY, last.capacity());
        final String much = "aaaaaaa\n".repeat(100_000 / 8);
        receive(much);
        receive("a\n");
        assertEquals(64 * 1024, last.capacity(), "no more for reads alone");
        inbound.shelve();
        receive("a\n");
        assertEquals(64 * 1024, last.capacity(), "as long as it is in use");
        inbound.rest();
        receive("a\n");
        assertEquals(BufferPool.MIN_CAPACITY, last.capacity());
        assertEquals(100_000 / 8 + 4, messages.size());
    }

    @Test
    void shouldKeepWhatFollowsWhenTheSinkStops() throws IOException {
        goOn = false;
        channel.receive(ByteBuffer.wrap(bytes("a\nb\nc")));
        assertEquals(5, inbound.poll());
        assertEquals(List.of("a"), messages);
        assertEquals(2, inbound.poll());
        assertEquals(List.of("a", "b"), messages);
        goOn = true;
        receive("d\n");
        assertEquals(List.of("a", "b", "cd"), messages);
    }

    @Test
    void shouldGiveTheBufferBackWhenTheSinkStopsAndNothingIsLeft() throws IOException {
        goOn = false;
        channel.receive(ByteBuffer.wrap(bytes("a\n")));
        assertEquals(2, inbound.poll());
        inbound.shelve();
        assertFalse(inbound.isBorrowing());
    }

    @Test
    void shouldSwitchBehindTheMessageWhereverTheBytesAreCut() throws IOException {
        // Lines, then 3 bytes each, then a length of 1 byte, then raw: all in one stream.
        final byte[] stream = bytes("one\nup\r\n123456\n\n!\3a\nb\1x\2!!raw\n stream");
        for (int cut = 0; cut <= stream.length; cut++) {
            for (int second = cut; second <= stream.length; second++) {
                messages.clear();
                inbound = inbound(LINES);
                onMessage = () -> {
                    switch (messages.get(messages.size() - 1)) {
                        case "up" -> inbound.switchTo(new FixedLengthProtocol(3));
                        case "\n\n!" -> inbound.switchTo(new LengthPrefixProtocol(1, 200));
                        case "!!" -> inbound.switchTo(new RawStreamProtocol(200));
                        default -> {}
                    }
                };
                receive(stream, 0, cut);
                receive(stream, cut, second);
                receive(stream, second, stream.length);
                final String where = "cut=" + cut + " second=" + second;
                assertEquals(
                        List.of("one", "up", "123", "456", "\n\n!", "a\nb", "x", "!!"), messages.subList(0, 8), where);
                assertEquals("raw\n stream", String.join("", messages.subList(8, messages.size())), where);
                assertFalse(inbound.isBorrowing());
            }
        }
    }

    @Test
    void shouldDecodeWhatIsThereWhenSwitchedBetweenMessages() throws IOException {
        receive("abc");
        assertEquals(List.of(), messages);
        inbound.switchTo(new RawStreamProtocol(10));
        assertEquals(3, inbound.poll());
        assertEquals(List.of("abc"), messages);
        assertEquals(0, inbound.poll());
        inbound.shelve();
        assertFalse(inbound.isBorrowing());
    }

    @Test
    void shouldGoOnWhenTheHandlerReadsTheBufferItsOwnWay() throws IOException {
        inbound = inbound(new LengthPrefixProtocol(2, 100));
        onMessage = () -> last.position(3).limit(4).order(ByteOrder.LITTLE_ENDIAN);
        receive("\0\1a\0\2bc\0\3d");
        receive("ef");
        assertEquals(List.of("a", "bc", "def"), messages);
    }

    @Test
    void shouldSwitchAndStopInOneCallback() throws IOException {
        goOn = false;
        onMessage = () -> inbound.switchTo(new FixedLengthProtocol(2));
        channel.receive(ByteBuffer.wrap(bytes("a\nb\nc")));
        inbound.poll();
        assertEquals(List.of("a"), messages);
        assertEquals(2, inbound.poll());
        assertEquals(List.of("a", "b\n"), messages);
        assertEquals(1, inbound.pending());
    }
}
