package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * Buffers for what connections have received and not decoded yet, and for the records of TLS, shared by all connections of a
 * transport, so that idle ones need none. A buffer is lent to one connection at a time and comes back zeroed: nobody finds another's content in
 * it. Any thread; lock-free.
 *
 * <p>Capacities are powers of two. Up to 8 MiB of each capacity from 4 KiB to 1 MiB are kept; what comes back beyond
 * that, and larger buffers, are left to the garbage collector. Nothing bounds what is lent: the connections do.
 *
 * <p>A pool, and not a scratch buffer per thread, because most connections have a thread of their own: theirs would be a
 * buffer per connection again.
 */
public final class BufferPool {
    /** The smallest capacity in bytes. */
    static final int MIN_CAPACITY = 4 * 1024;

    private static final int CAPACITIES = 9;
    private static final int KEPT_BYTES = 8 * 1024 * 1024;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(MIN_CAPACITY).asReadOnlyBuffer();

    /** As {@link #lent}, of all pools of this JVM. */
    private static final AtomicInteger LENT_BY_ALL = new AtomicInteger();

    private final Map<Memory, Queue<ByteBuffer>[]> kept = new EnumMap<>(Memory.class);

    /** Counted only where assertions are on: a shared counter would cost more than the pool. */
    private final AtomicInteger lent = new AtomicInteger();

    /** Makes a pool that keeps nothing yet. */
    public BufferPool() {
        for (final Memory memory : Memory.values()) {
            kept.put(memory, newQueues());
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Queue<ByteBuffer>[] newQueues() {
        final Queue<ByteBuffer>[] queues = new Queue[CAPACITIES];
        for (int i = 0; i < CAPACITIES; i++) {
            queues[i] = new MpmcVarHandleArrayQueue<>(KEPT_BYTES / (MIN_CAPACITY << i));
        }
        return queues;
    }

    /**
     * Lends a buffer of zeros, cleared and big-endian.
     *
     * @param capacity a power of two from {@link #MIN_CAPACITY} on.
     */
    ByteBuffer lend(final Memory memory, final int capacity) {
        assert countLent(1);
        final int index = index(capacity);
        final ByteBuffer buffer = index < CAPACITIES ? kept.get(memory)[index].poll() : null;
        if (buffer != null) {
            return buffer;
        }
        return memory == Memory.HEAP ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
    }

    /**
     * Takes a buffer back, which its borrower must not touch again.
     *
     * @param usedBytes from the buffer's first, that may hold content.
     */
    void takeBack(final ByteBuffer buffer, final int usedBytes) {
        assert countLent(-1);
        buffer.clear();
        for (int at = 0; at < usedBytes; at += MIN_CAPACITY) {
            buffer.put(at, ZEROS, 0, Math.min(MIN_CAPACITY, usedBytes - at));
        }
        final int index = index(buffer.capacity());
        if (index < CAPACITIES) {
            kept.get(buffer.isDirect() ? Memory.DIRECT : Memory.HEAP)[index].offer(buffer);
        }
    }

    /** Ends a loan without keeping the buffer: to be left to the garbage collector, where nobody is expected to want it soon. */
    void letGo() {
        assert countLent(-1);
    }

    private boolean countLent(final int more) {
        LENT_BY_ALL.addAndGet(more);
        return lent.addAndGet(more) >= 0;
    }

    private static int index(final int capacity) {
        return Integer.numberOfTrailingZeros(capacity / MIN_CAPACITY);
    }

    /** Buffers lent and not taken back, for the leak checks of tests; counts only where assertions are on. */
    int lent() {
        return lent.get();
    }

    /** The same of all pools that there ever were. */
    static int lentByAll() {
        return LENT_BY_ALL.get();
    }
}
