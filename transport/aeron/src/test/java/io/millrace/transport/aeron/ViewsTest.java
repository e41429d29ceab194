package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private final Views views = new Views();

    @Test
    void shouldGiveTheSameViewOfTheSameMemoryWhateverWasDoneToIt() {
        final UnsafeBuffer log = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
        final ByteBuffer view = views.of(log);
        view.position(7).limit(9).order(ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer part = new UnsafeBuffer(log.byteBuffer(), 10, 50);
        assertSame(view, views.of(part));
        assertEquals(List.of(0, 100), List.of(view.position(), view.limit()));
        assertEquals(ByteOrder.BIG_ENDIAN, view.order());
        part.putByte(3, (byte) 42);
        assertEquals(42, view.get(Views.index(part, 3)));
        // The one that Aeron uses is left alone.
        assertNotSame(view, log.byteBuffer());
        assertEquals(
                ByteOrder.BIG_ENDIAN,
                views.of(new UnsafeBuffer(ByteBuffer.allocateDirect(1))).order());
    }

    @Test
    void shouldViewAnArray() {
        final UnsafeBuffer array = new UnsafeBuffer(new byte[20], 5, 10);
        array.putByte(1, (byte) 42);
        final ByteBuffer view = views.of(array);
        assertEquals(42, view.get(Views.index(array, 1)));
        assertSame(view, views.of(array));
    }

    @Test
    void shouldEmptyAllThatItHasGivenAway() {
        final UnsafeBuffer log = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
        final ByteBuffer view = views.of(log);
        views.empty();
        assertEquals(0, view.limit());
        assertSame(view, views.of(log));
        assertEquals(100, view.limit());
        views.release();
        assertEquals(0, view.limit());
        assertNotSame(view, views.of(log));
        assertEquals(0, view.limit());
        new Views().release();
    }

    /** A log has three parts, and there is what long messages are put together in. */
    @Test
    void shouldKeepFourAndEmptyTheOldestForTheFifth() {
        final List<UnsafeBuffer> logs = new ArrayList<>();
        final List<ByteBuffer> given = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            logs.add(new UnsafeBuffer(ByteBuffer.allocateDirect(8)));
            if (i == 4) {
                for (int j = 0; j < 4; j++) {
                    assertSame(given.get(j), views.of(logs.get(j)));
                }
            }
            given.add(views.of(logs.get(i)));
        }
        assertEquals(
                List.of(0, 8, 8, 8, 8), given.stream().map(ByteBuffer::limit).toList());
        views.of(logs.get(0));
        assertEquals(
                List.of(0, 0, 8, 8, 8), given.stream().map(ByteBuffer::limit).toList());
    }
}
