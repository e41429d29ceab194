package io.millrace.session;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A fixed set of things that are used again and again, lent out by handles that carry a generation: once a thing is
 * released, every handle to that use of it is dead for good and can never touch the next one.
 *
 * <p>Asking whether a handle is alive and then using the thing would leave a gap in which it is recycled. So a user
 * <em>pins</em> it: between {@link #pin} and {@link #unpin} the thing may be released, but it is recycled only when the
 * last pin is gone.
 *
 * <pre>
 *   handle:  generation (32) | slot (32)
 *   word:    generation (32) | released (1) | pins (31)      one per slot, every change by compare-and-set
 * </pre>
 *
 * A handle says nothing of its pool: one of another pool may name a use of a thing here, so keep them apart.
 *
 * <p>Any thread; every method is lock-free, none blocks; the recycler runs on the thread that lets go last.
 *
 * @param <T> type of the things.
 */
public final class HandlePool<T> {
    /** No handle: the pool is exhausted. */
    public static final long NONE = 0;

    private static final long RELEASED = 1L << 31;
    private static final long PINS = RELEASED - 1;
    private static final long LOW = 0xFFFF_FFFFL;

    private final Object[] things;
    private final AtomicLongArray words;
    private final AtomicIntegerArray nextFree;
    /** A tag that counts changes (32) over the first free slot plus one (32). */
    private final AtomicLong free = new AtomicLong();

    private final Consumer<? super T> recycler;

    /**
     * Makes a pool and all its things.
     *
     * @param capacity number of things: from 1 to 2^24.
     * @param factory  makes one thing.
     * @param recycler makes a used thing like new. If it throws, the thing is never lent out again.
     * @throws IllegalArgumentException if the capacity is out of range.
     */
    public HandlePool(final int capacity, final Supplier<? extends T> factory, final Consumer<? super T> recycler) {
        if (capacity < 1 || capacity > 1 << 24) {
            throw new IllegalArgumentException("out of range: capacity=" + capacity);
        }
        this.recycler = Objects.requireNonNull(recycler, "recycler");
        things = new Object[capacity];
        words = new AtomicLongArray(capacity);
        nextFree = new AtomicIntegerArray(capacity);
        for (int slot = capacity - 1; slot >= 0; slot--) {
            things[slot] = Objects.requireNonNull(factory.get(), "thing");
            words.setPlain(slot, RELEASED);
            push(slot);
        }
    }

    /**
     * Lends a thing out.
     *
     * @return a handle never returned before, or {@link #NONE} if everything is lent out, still pinned, or on its way back.
     */
    public long acquire() {
        while (true) {
            final long head = free.get();
            final int slot = (int) (head & LOW) - 1;
            if (slot < 0) {
                return NONE;
            }
            if (free.compareAndSet(head, tagged(head, nextFree.get(slot)))) {
                final long generation = (words.get(slot) >>> 32) + 1;
                words.set(slot, generation << 32);
                return generation << 32 | slot;
            }
        }
    }

    /**
     * Keeps the thing from being recycled until it is unpinned. Up to 2^31-1 pins may be held.
     *
     * @param handle of the thing.
     * @return the thing, or null if that use of it is over: then nothing is pinned.
     * @throws IllegalStateException    if there are as many pins as can be counted; nothing changed.
     * @throws IllegalArgumentException if the handle names no slot of this pool.
     */
    @SuppressWarnings("unchecked")
    public T pin(final long handle) {
        final int slot = slot(handle);
        while (true) {
            final long word = words.get(slot);
            if (word >>> 32 != handle >>> 32 || (word & RELEASED) != 0) {
                return null;
            }
            if ((word & PINS) == PINS) {
                throw new IllegalStateException("too many pins: handle=" + Long.toHexString(handle));
            }
            if (words.compareAndSet(slot, word, word + 1)) {
                return (T) things[slot];
            }
        }
    }

    /**
     * Ends a pin. The last one of a released thing recycles it.
     *
     * @param handle that was pinned.
     * @throws IllegalStateException    if it is not pinned; nothing changed.
     * @throws IllegalArgumentException if the handle names no slot of this pool.
     */
    public void unpin(final long handle) {
        final int slot = slot(handle);
        while (true) {
            final long word = words.get(slot);
            if (word >>> 32 != handle >>> 32 || (word & PINS) == 0) {
                throw new IllegalStateException("not pinned: handle=" + Long.toHexString(handle));
            }
            if (words.compareAndSet(slot, word, word - 1)) {
                if ((word & (RELEASED | PINS)) == (RELEASED | 1)) {
                    recycle(slot);
                }
                return;
            }
        }
    }

    /**
     * Ends this use of the thing: from here on no pin succeeds. It is recycled at once, or by the last pin.
     *
     * @param handle of the thing.
     * @return whether this call ended it; false if another did before.
     * @throws IllegalArgumentException if the handle names no slot of this pool.
     */
    public boolean release(final long handle) {
        final int slot = slot(handle);
        while (true) {
            final long word = words.get(slot);
            if (word >>> 32 != handle >>> 32 || (word & RELEASED) != 0) {
                return false;
            }
            if (words.compareAndSet(slot, word, word | RELEASED)) {
                if ((word & PINS) == 0) {
                    recycle(slot);
                }
                return true;
            }
        }
    }

    /** For debugging: the capacity, no things. Wait-free. */
    @Override
    public String toString() {
        return "HandlePool capacity=" + things.length;
    }

    @SuppressWarnings("unchecked")
    private void recycle(final int slot) {
        recycler.accept((T) things[slot]);
        // A slot whose generations are used up is left out, rather than let an old handle come alive again.
        if (words.get(slot) >>> 32 != LOW) {
            push(slot);
        }
    }

    private void push(final int slot) {
        while (true) {
            final long head = free.get();
            nextFree.set(slot, (int) (head & LOW));
            if (free.compareAndSet(head, tagged(head, slot + 1))) {
                return;
            }
        }
    }

    private static long tagged(final long head, final int first) {
        return ((head >>> 32) + 1) << 32 | first;
    }

    private int slot(final long handle) {
        final int slot = (int) handle;
        if (slot < 0 || slot >= things.length || handle >>> 32 == 0) {
            throw new IllegalArgumentException("not a handle of this pool: handle=" + Long.toHexString(handle));
        }
        return slot;
    }
}
