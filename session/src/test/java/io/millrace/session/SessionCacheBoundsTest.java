package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCacheBoundsTest extends SessionCacheFixture {
    /** The keys that have a place, tickets or not. */
    private static List<String> places(final SessionCache cache) {
        final List<String> places = new ArrayList<>();
        cache.drop(key -> {
            places.add(key.host());
            return false;
        });
        return places;
    }

    @Test
    void shouldDropOldestWhenKeyIsFull() {
        for (int slot = 0; slot < 6; slot++) {
            assertTrue(cache.put(A, slot, 60));
        }

        assertEquals(List.of("0 EVICTED", "1 EVICTED"), discarded);
        assertEquals(4, cache.stats().resident());
        assertConserved(cache);
    }

    @Test
    void shouldEvictLeastRecentlyUsedKeyWhenKeysAreFull() {
        final SessionCache small = cache(2, 4, 100);
        small.put(A, 1, 60);
        small.put(A, 2, 60);
        nowMs[0]++;
        small.put(B, 3, 60);
        nowMs[0]++;
        takeSlot(small, A);
        nowMs[0]++;

        small.put(C, 4, 60);

        assertEquals(List.of("3 EVICTED"), discarded);
        assertEquals(1, takeSlot(small, A));
        assertEquals(4, takeSlot(small, C));
        assertConserved(small);
    }

    @Test
    void shouldEvictLeastRecentlyUsedKeyWhenTicketsAreFull() {
        final SessionCache small = cache(10, 4, 3);
        small.put(A, 1, 60);
        small.put(A, 2, 60);
        nowMs[0]++;
        small.put(B, 3, 60);
        nowMs[0]++;

        small.put(B, 4, 60);

        assertEquals(List.of("2 EVICTED", "1 EVICTED"), discarded);
        assertEquals(2, small.stats().resident());
    }

    @Test
    void shouldReplaceOwnOldestWhenOneKeyHasAllTickets() {
        final SessionCache small = cache(10, 4, 2);
        for (int slot = 0; slot < 5; slot++) {
            assertTrue(small.put(A, slot, 60));
        }

        assertEquals(2, small.stats().resident());
        assertEquals(4, takeSlot(small, A));
        assertEquals(3, takeSlot(small, A));
        assertConserved(small);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, 0"})
    void shouldRefuseAllWhenCapacityIsZero(final int maxKeys, final int maxPerKey, final int maxTickets) {
        final SessionCache none = cache(maxKeys, maxPerKey, maxTickets);

        assertFalse(none.put(A, 1, 60));

        assertNull(none.take(A));
        assertEquals(new SessionCacheStats(1, 0, 0, 0, 0, 0, 1), none.stats());
    }

    @Test
    void shouldHoldNewestWhenCapacityIsOne() {
        final SessionCache one = cache(1, 1, 1);
        assertTrue(one.put(A, 1, 60));
        assertTrue(one.put(B, 2, 60));
        assertTrue(one.put(B, 3, 60));

        assertNull(one.take(A));
        assertEquals(3, takeSlot(one, B));
        assertTrue(one.put(C, 4, 60));
        assertConserved(one);
    }

    @Test
    void shouldEvictKeyWithoutTicketsFirstWhenRoomIsNeeded() {
        final SessionCache small = cache(2, 4, 100);
        small.put(A, 1, 60);
        nowMs[0]++;
        small.put(B, 2, 60);
        takeSlot(small, B);

        small.put(C, 3, 60);

        assertEquals(List.of(), discarded);
        assertEquals(1, takeSlot(small, A));
        assertEquals(3, takeSlot(small, C));
    }

    @Test
    void shouldFreePlaceWhenKeyIsEvictedOrSweptEmpty() {
        final SessionCache small = cache(2, 4, 100);
        small.put(A, 1, 60);
        nowMs[0]++;
        small.put(B, 2, 60);
        small.put(C, 3, 60);
        assertEquals(List.of("b", "c"), places(small).stream().sorted().toList());

        takeSlot(small, B);
        assertEquals(0, small.expire());

        assertEquals(List.of("c"), places(small));
    }

    @Test
    void shouldKeepBoundsAndConserveTicketsWhenUsedAtRandom() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final SessionKey[] keys = new SessionKey[700];
        Arrays.setAll(keys, i -> key("host" + i));
        final SessionCache large = cache(600, 3, 1_000);
        final List<TakenTicket> hands = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            final SessionKey key = keys[random.nextInt(keys.length)];
            nowMs[0] += random.nextInt(3);
            final int dice = random.nextInt(10);
            if (dice < 5) {
                large.put(key, i, random.nextInt(20));
            } else if (dice < 8) {
                final TakenTicket taken = large.take(key);
                if (taken != null) {
                    hands.add(taken);
                }
            } else if (!hands.isEmpty()) {
                large.giveBack(hands.remove(random.nextInt(hands.size())));
            }
            if (i % 500 == 0) {
                assertTrue(large.stats().resident() <= 1_000, () -> "seed=" + seed);
                assertConserved(large);
            }
        }
        large.drop(key -> true);
        assertEquals(0, large.stats().resident(), () -> "seed=" + seed);
        // All permits must be back: a full load goes in again.
        for (int i = 0; i < 600; i++) {
            assertTrue(large.put(keys[i], i, 100), () -> "seed=" + seed);
        }
        assertEquals(600, large.stats().resident(), () -> "seed=" + seed);
    }
}
