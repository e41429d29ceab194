package io.millrace.jmh.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The layout we did not take: the commit mark lies in line, in a header before each record, so that a record and its mark
 * share a cache line; what does not fit before the end becomes padding, and the consumer clears what it has read. Many
 * producers, one consumer; no close, no regions: what it is here for is its cost.
 *
 * <p>In memory it is the faster one for small records; {@link ManyToOneThroughput} has the figures. We took the other
 * because its records are one region for the wire, with no copy to gather them.
 */
@SuppressWarnings({"unused", "UnusedVariable"})
final class InlineRing implements Peer {
    private static final int HEADER = 8;
    private static final int ALIGNMENT = 8;
    private static final long PADDING_BIT = 1L << 32;
    private static final int MAX_READ_BYTES = 1 << 16;
    private static final VarHandle MARKS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle TAIL;
    private static final VarHandle HEAD;
    private static final VarHandle HEAD_CACHE;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(InlineRing.class, "tail", long.class);
            HEAD = lookup.findVarHandle(InlineRing.class, "head", long.class);
            HEAD_CACHE = lookup.findVarHandle(InlineRing.class, "headCache", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final ByteBuffer buffer;
    private final int capacity;
    private final byte[] zeros = new byte[MAX_READ_BYTES];
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long tail;
    private long b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15;
    private long headCache;
    private long c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15;
    private long head;
    private long d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15;

    InlineRing(final int capacity) {
        this.capacity = capacity;
        buffer = ByteBuffer.allocateDirect(capacity + ALIGNMENT).alignedSlice(ALIGNMENT);
    }

    @Override
    public Writer writer(final ByteBuffer source) {
        return () -> put(source);
    }

    private boolean put(final ByteBuffer source) {
        final int length = source.capacity();
        final int needed = (HEADER + length + ALIGNMENT - 1) & -ALIGNMENT;
        long claimed;
        int padding;
        do {
            claimed = (long) TAIL.getVolatile(this);
            final int toEnd = capacity - offset(claimed);
            padding = toEnd < needed ? toEnd : 0;
            if (claimed + padding + needed - (long) HEAD_CACHE.getAcquire(this) > capacity) {
                final long fresh = (long) HEAD.getAcquire(this);
                if (claimed + padding + needed - fresh > capacity) {
                    return false;
                }
                HEAD_CACHE.setRelease(this, fresh);
            }
        } while (!TAIL.compareAndSet(this, claimed, claimed + padding + needed));
        if (padding != 0) {
            MARKS.setRelease(buffer, offset(claimed), PADDING_BIT | padding);
        }
        final int offset = offset(claimed + padding);
        buffer.put(offset + HEADER, source, 0, length);
        // Release: the payload before its mark.
        MARKS.setRelease(buffer, offset, (long) length);
        return true;
    }

    @Override
    public int read(final Sink sink, final int limit) {
        final long start = (long) HEAD.get(this);
        final int base = offset(start);
        final int most = Math.min(capacity - base, MAX_READ_BYTES);
        int bytes = 0;
        int read = 0;
        try {
            while (read < limit && bytes < most) {
                final long mark = (long) MARKS.getAcquire(buffer, base + bytes);
                if (mark == 0) {
                    break;
                }
                final int length = (int) mark;
                if ((mark & PADDING_BIT) != 0) {
                    MARKS.setOpaque(buffer, base + bytes, 0L);
                    clear(base, bytes);
                    HEAD.setRelease(this, start + bytes + length);
                    bytes = 0;
                    return read;
                }
                final int payload = base + bytes + HEADER;
                final int whole = (HEADER + length + ALIGNMENT - 1) & -ALIGNMENT;
                if (bytes != 0 && bytes + whole > MAX_READ_BYTES) {
                    break;
                }
                bytes += whole;
                read++;
                sink.onRecord(buffer.getLong(payload), buffer.getLong(payload + length - Long.BYTES), length);
            }
        } finally {
            if (bytes != 0) {
                clear(base, bytes);
                HEAD.setRelease(this, start + bytes);
            }
        }
        return read;
    }

    /** Or the next lap would take old bytes for a mark. */
    private void clear(final int offset, final int bytes) {
        buffer.put(offset, zeros, 0, bytes);
    }

    private int offset(final long position) {
        return (int) position & (capacity - 1);
    }
}
