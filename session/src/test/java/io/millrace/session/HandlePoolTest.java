package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

class HandlePoolTest {
    private final List<Object> recycled = new ArrayList<>();
    private final HandlePool<Object> pool = new HandlePool<>(2, Object::new, recycled::add);

    @Test
    void shouldLendEachThingOnceWhenAllAreAcquired() {
        final long first = pool.acquire();
        final long second = pool.acquire();

        assertNotEquals(HandlePool.NONE, first);
        assertNotEquals(pool.pin(first), pool.pin(second));
        assertEquals(HandlePool.NONE, pool.acquire());
    }

    @Test
    void shouldKillHandleWhenThingIsReleasedAndLentAgain() {
        final long old = pool.acquire();
        final Object thing = pool.pin(old);
        pool.unpin(old);

        assertTrue(pool.release(old));
        final long fresh = pool.acquire();

        assertNotEquals(old, fresh);
        assertSame(thing, pool.pin(fresh));
        assertNull(pool.pin(old));
        assertFalse(pool.release(old));
        assertThrows(IllegalStateException.class, () -> pool.unpin(old));
    }

    @Test
    void shouldRecycleWithLastPinWhenReleasedWhilePinned() {
        final long handle = pool.acquire();
        final Object thing = pool.pin(handle);
        pool.pin(handle);

        assertTrue(pool.release(handle));
        assertNull(pool.pin(handle));
        pool.unpin(handle);
        assertEquals(List.of(), recycled);
        pool.unpin(handle);

        assertEquals(List.of(thing), recycled);
    }

    @Test
    void shouldNeverLendThingAgainWhenRecyclerThrows() {
        final HandlePool<Object> broken = new HandlePool<>(1, Object::new, thing -> {
            throw new IllegalArgumentException("broken");
        });

        final long handle = broken.acquire();
        assertThrows(IllegalArgumentException.class, () -> broken.release(handle));

        assertEquals(HandlePool.NONE, broken.acquire());
    }

    @Test
    void shouldNameBadValues() {
        assertThrows(IllegalArgumentException.class, () -> new HandlePool<>(0, Object::new, recycled::add));
        assertThrows(IllegalArgumentException.class, () -> new HandlePool<>(-1, Object::new, recycled::add));
        assertThrows(IllegalArgumentException.class, () -> pool.pin(HandlePool.NONE));
        assertThrows(IllegalArgumentException.class, () -> pool.pin(1L << 32 | 2));
        assertThrows(IllegalStateException.class, () -> pool.unpin(pool.acquire()));
    }

    /** The thing is its own use's number: a pinned user must never see it change. */
    @Test
    void shouldNeverRecycleUnderAPinWhenThreadsRace() {
        final AtomicInteger violations = new AtomicInteger();
        final HandlePool<AtomicLong> racing = new HandlePool<>(3, AtomicLong::new, AtomicLong::incrementAndGet);
        final AtomicLongArray shared = new AtomicLongArray(4);

        Race.run(4, thread -> {
            for (int i = 0; i < 50_000; i++) {
                final long mine = racing.acquire();
                if (mine != HandlePool.NONE) {
                    shared.set(thread, mine);
                }
                final long other = shared.get(ThreadLocalRandom.current().nextInt(4));
                final AtomicLong thing = other == 0 ? null : racing.pin(other);
                if (thing != null) {
                    final long use = thing.get();
                    Thread.onSpinWait();
                    if (thing.get() != use) {
                        violations.incrementAndGet();
                    }
                    racing.unpin(other);
                }
                if (mine != HandlePool.NONE && !racing.release(mine)) {
                    violations.incrementAndGet();
                }
            }
        });

        assertEquals(0, violations.get());
        for (int i = 0; i < 3; i++) {
            assertNotEquals(HandlePool.NONE, racing.acquire(), "a thing was lost");
        }
        assertEquals(HandlePool.NONE, racing.acquire(), "a thing was lent out twice");
    }

    @Test
    void shouldRefusePinWhenAllPinBitsAreSet() throws ReflectiveOperationException {
        final long handle = pool.acquire();
        pool.pin(handle);
        final Field field = HandlePool.class.getDeclaredField("words");
        field.setAccessible(true);
        final AtomicLongArray words = (AtomicLongArray) field.get(pool);
        final long full = words.get((int) handle) | Integer.MAX_VALUE;
        words.set((int) handle, full);

        assertThrows(IllegalStateException.class, () -> pool.pin(handle));

        assertEquals(full, words.get((int) handle));
        pool.unpin(handle);
        assertTrue(pool.release(handle));
    }

    @Test
    void shouldNotTellHandlesOfOtherPoolsApart() {
        final HandlePool<Object> other = new HandlePool<>(2, Object::new, thing -> {});
        final long handle = other.acquire();
        assertEquals(handle, pool.acquire());

        assertNotNull(pool.pin(handle));
    }
}
