package io.millrace.transport.aeron;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Views of one log of Aeron's as {@link ByteBuffer}s of our own, whose position, limit and order nobody else relies on. There
 * is one for all of it, or for each of its three parts where it is too long for that, and one for the buffer that long messages
 * are put together in, which grows. Who keeps one beyond its time finds it empty, and doesn't reach into memory that is unmapped
 * by then. One thread.
 */
final class Views {
    private static final int LENGTH = 4;

    private final Object[] keys = new Object[LENGTH];
    private final ByteBuffer[] views = new ByteBuffer[LENGTH];
    private int next;

    /** Of the memory that the buffer looks at; {@link #index} tells where in it. */
    ByteBuffer of(final DirectBuffer buffer) {
        final ByteBuffer memory = buffer.byteBuffer();
        final Object key = memory == null ? buffer.byteArray() : memory;
        for (int i = 0; i < LENGTH; i++) {
            if (keys[i] == key) {
                return views[i].clear().order(ByteOrder.BIG_ENDIAN);
            }
        }
        final ByteBuffer view = memory == null ? ByteBuffer.wrap(buffer.byteArray()) : memory.duplicate();
        if (views[next] != null) {
            // Nobody would empty it any more.
            views[next].limit(0);
        }
        keys[next] = key;
        views[next] = view;
        next = (next + 1) % LENGTH;
        return view.clear().order(ByteOrder.BIG_ENDIAN);
    }

    /** Empties all that were given away. */
    void empty() {
        for (final ByteBuffer view : views) {
            if (view != null) {
                view.limit(0);
            }
        }
    }

    /** Empties all and forgets them, before their memory goes. */
    void release() {
        empty();
        Arrays.fill(keys, null);
        Arrays.fill(views, null);
    }

    static int index(final DirectBuffer buffer, final int offset) {
        return buffer.wrapAdjustment() + offset;
    }
}
