package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BufferPoolTest {
    private static final int SMALLEST = BufferPool.MIN_CAPACITY;

    private final BufferPool pool = new BufferPool();

    /** Some have been looked at only. */
    @AfterEach
    void takeAllBack() {
        while (pool.lent() > 0) {
            pool.takeBack(ByteBuffer.allocate(SMALLEST), 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLendTheSameBufferAgainZeroed(final Memory memory) {
        final ByteBuffer buffer = pool.lend(memory, 2 * SMALLEST);
        assertEquals(memory == Memory.DIRECT, buffer.isDirect());
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 7);
        }
        pool.takeBack(buffer.position(5).limit(9), buffer.capacity());
        assertNotSame(buffer, pool.lend(memory, SMALLEST), "another capacity");

        final ByteBuffer again = pool.lend(memory, 2 * SMALLEST);
        assertSame(buffer, again);
        assertEquals(ByteOrder.BIG_ENDIAN, again.order());
        assertEquals(2 * SMALLEST, again.remaining());
        for (int i = 0; i < again.capacity(); i++) {
            assertEquals(0, again.get(i));
        }
    }

    @Test
    void shouldKeepNoMoreThanItsBound() {
        final ByteBuffer[] buffers = new ByteBuffer[9];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = pool.lend(Memory.HEAP, 256 * SMALLEST);
        }
        for (final ByteBuffer buffer : buffers) {
            pool.takeBack(buffer, 0);
        }
        assertEquals(0, pool.lent());
        for (int i = 0; i < 8; i++) {
            assertSame(buffers[i], pool.lend(Memory.HEAP, 256 * SMALLEST));
        }
        assertNotSame(buffers[8], pool.lend(Memory.HEAP, 256 * SMALLEST));
        assertEquals(9, pool.lent());
    }

    @Test
    void shouldZeroButNotKeepWhatIsLarger() {
        final ByteBuffer buffer = pool.lend(Memory.HEAP, 512 * SMALLEST);
        buffer.put(buffer.capacity() - 1, (byte) 7);
        pool.takeBack(buffer, buffer.capacity());
        assertEquals(0, buffer.get(buffer.capacity() - 1));
        assertNotSame(buffer, pool.lend(Memory.HEAP, 512 * SMALLEST));
    }
}
