package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCacheTest extends SessionCacheFixture {
    @Test
    void shouldTakeNewestFirstAndEachOnce() {
        cache.put(A, 1, 60);
        cache.put(A, 2, 60);
        cache.put(B, 3, 60);

        assertEquals(2, takeSlot(cache, A));
        assertEquals(1, takeSlot(cache, A));
        assertEquals(-1, takeSlot(cache, A));
        assertEquals(3, takeSlot(cache, B));
        assertEquals(new SessionCacheStats(3, 0, 3, 0, 0, 0, 0), cache.stats());
    }

    @Test
    void shouldFindNothingWhenAnyPartOfTheKeyDiffers() {
        final List<SessionKey> keys = List.of(
                key("a"),
                key("b"),
                SessionKey.builder("a", 444).build(),
                SessionKey.builder("a", 443).epoch(1).build(),
                SessionKey.builder("a", 443).partition("x").build(),
                SessionKey.builder("a", 443).serverNames(List.of("x")).build(),
                SessionKey.builder("a", 443).applicationProtocols(List.of("x")).build(),
                SessionKey.builder("a", 443).protocols(List.of("x")).build(),
                SessionKey.builder("a", 443).cipherSuites(List.of("x")).build(),
                SessionKey.builder("a", 443).identification("x").build(),
                SessionKey.builder("a", 443).clientIdentity("x").build());
        for (int i = 0; i < keys.size(); i++) {
            for (int j = 0; j < keys.size(); j++) {
                if (i == j) {
                    assertEquals(keys.get(i), keys.get(j));
                } else {
                    assertNotEquals(keys.get(i), keys.get(j));
                }
            }
            cache.put(keys.get(i), i, 60);
        }
        for (int i = 0; i < keys.size(); i++) {
            assertEquals(i, takeSlot(cache, keys.get(i)));
            assertNull(cache.take(keys.get(i)));
        }
    }

    @Test
    void shouldNotChangeKeyWhenCallerChangesItsLists() {
        final List<String> names = new ArrayList<>(List.of("x"));
        final SessionKey key = SessionKey.builder("a", 443).serverNames(names).build();

        names.add("y");

        assertEquals(SessionKey.builder("a", 443).serverNames(List.of("x")).build(), key);
    }

    @Test
    void shouldNotChangeTicketWhenCallerChangesItsBytes() {
        final byte[] mine = {1, 2, 3};
        cache.put(A, mine, 60);

        mine[0] = 9;

        assertArrayEquals(new byte[] {1, 2, 3}, cache.take(A).spendBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "60, 0, true",
        "60, 60000, true",
        "60, 60001, false",
        "604800, 604800000, true",
        "604800, 604800001, false",
        "604801, 604800000, true",
        "604801, 604800001, false",
        "9223372036854775807, 604801000, false",
        "60, -1, false"
    })
    void shouldHonourLifetime(final long lifetimeS, final long ageMs, final boolean usable) {
        cache.put(A, 1, lifetimeS);
        nowMs[0] += ageMs;

        assertEquals(usable, cache.take(A) != null);

        assertEquals(usable ? List.of() : List.of("1 EXPIRED"), discarded);
        assertConserved(cache);
    }

    @Test
    void shouldDiscardAtOnceWhenLifetimeIsZero() {
        assertFalse(cache.put(A, 1, 0));

        assertNull(cache.take(A));
        assertEquals(List.of("1 REFUSED"), discarded);
        assertConserved(cache);
    }

    @Test
    void shouldSkipExpiredWhenOlderTicketLivesLonger() {
        cache.put(A, 1, 600);
        cache.put(A, 2, 60);
        nowMs[0] += 61_000;

        assertEquals(1, takeSlot(cache, A));

        assertEquals(List.of("2 EXPIRED"), discarded);
        assertConserved(cache);
    }

    @Test
    void shouldDiscardAllExpiredWhenSwept() {
        cache.put(A, 1, 60);
        cache.put(A, 2, 600);
        cache.put(A, 3, 60);
        cache.put(B, 4, 60);
        nowMs[0] += 61_000;

        assertEquals(3, cache.expire());
        assertEquals(0, cache.expire());

        assertEquals(1, cache.stats().resident());
        assertEquals(3, discarded.size());
        assertConserved(cache);
        assertEquals(2, takeSlot(cache, A));
    }

    @Test
    void shouldTakeGivenBackTicketAgain() {
        cache.put(A, 1, 60);

        assertTrue(cache.giveBack(cache.take(A)));

        assertEquals(1, takeSlot(cache, A));
        assertEquals(new SessionCacheStats(1, 1, 2, 0, 0, 0, 0), cache.stats());
    }

    @Test
    void shouldKeepNewestFirstWhenOlderTicketIsGivenBack() {
        cache.put(A, 1, 60);
        final TakenTicket older = cache.take(A);
        nowMs[0]++;
        cache.put(A, 2, 60);

        cache.giveBack(older);

        assertEquals(2, takeSlot(cache, A));
        assertEquals(1, takeSlot(cache, A));
    }

    @Test
    void shouldEvictGivenBackTicketWhenItIsTheOldestOfTooMany() {
        final SessionCache small = cache(1, 1, 1);
        small.put(A, 1, 60);
        final TakenTicket older = small.take(A);
        nowMs[0]++;
        small.put(A, 2, 60);

        assertFalse(small.giveBack(older));

        assertEquals(List.of("1 EVICTED"), discarded);
        assertConserved(small);
        assertEquals(2, takeSlot(small, A));
    }

    @Test
    void shouldDiscardGivenBackTicketWhenItHasExpired() {
        cache.put(A, 1, 60);
        final TakenTicket taken = cache.take(A);
        nowMs[0] += 60_001;

        assertFalse(cache.giveBack(taken));

        assertEquals(List.of("1 EXPIRED"), discarded);
        assertConserved(cache);
    }

    @Test
    void shouldRefuseToGiveBackWhenSpentOrForeign() {
        cache.put(A, 1, 60);
        cache.put(A, 2, 60);
        cache.put(A, 3, 60);
        final TakenTicket spent = cache.take(A);
        spent.spendSlot();
        final TakenTicket back = cache.take(A);
        cache.giveBack(back);
        final TakenTicket closed = cache.take(A);
        closed.close();

        assertThrows(IllegalStateException.class, () -> cache.giveBack(spent));
        assertThrows(IllegalStateException.class, () -> cache.giveBack(back));
        assertThrows(IllegalStateException.class, () -> cache.giveBack(closed));
        assertThrows(IllegalStateException.class, back::spendSlot);
        assertThrows(IllegalArgumentException.class, () -> cache(1, 1, 1).giveBack(cache.take(A)));
        assertConserved(cache);
    }

    @Test
    void shouldSpendOnce() {
        cache.put(A, 7, 60);
        cache.put(B, new byte[] {1}, 60);
        final TakenTicket slot = cache.take(A);
        final TakenTicket bytes = cache.take(B);

        assertEquals(7, slot.slot());
        assertThrows(IllegalStateException.class, slot::spendBytes);
        assertThrows(IllegalStateException.class, bytes::spendSlot);
        assertEquals(7, slot.spendSlot());
        assertThrows(IllegalStateException.class, slot::spendSlot);
        assertArrayEquals(new byte[] {1}, bytes.spendBytes());
        assertThrows(IllegalStateException.class, bytes::spendBytes);
    }

    @Test
    void shouldZeroBytesWhenDiscarded() {
        final byte[] zero = new byte[3];
        final SessionCache small = cache(2, 1, 2);
        final List<byte[]> inside = new ArrayList<>();
        for (final SessionKey key : List.of(A, A, B, C)) {
            small.put(key, new byte[] {1, 2, 3}, 60);
            final TakenTicket peek = small.take(key);
            inside.add(peek.ticket.secret);
            small.giveBack(peek);
            nowMs[0]++;
        }
        assertArrayEquals(zero, inside.get(0), "replaced by a newer one");
        assertArrayEquals(zero, inside.get(1), "evicted for another key");
        final TakenTicket held = small.take(B);
        held.close();
        assertArrayEquals(zero, inside.get(2), "closed in hand");
        small.close();
        assertArrayEquals(zero, inside.get(3), "closed with the cache");

        cache.put(A, new byte[] {1}, 60);
        final byte[] expiring = cache.take(A).ticket.secret;
        cache.put(A, new byte[] {2}, 60);
        nowMs[0] += 61_000;
        cache.expire();
        assertEquals(1, expiring[0], "a ticket in hand is its holder's");
    }

    @Test
    void shouldThrowWhenPredicateIsMissingThoughNothingIsThere() {
        assertThrows(NullPointerException.class, () -> cache.drop(null));
    }

    @Test
    void shouldDropKeysThatPredicateNames() {
        cache.put(A, 1, 60);
        cache.put(A, 2, 60);
        cache.put(B, 3, 60);

        assertEquals(2, cache.drop(key -> key.host().equals("a")));

        assertNull(cache.take(A));
        assertEquals(3, takeSlot(cache, B));
        assertConserved(cache);
    }

    @Test
    void shouldDiscardAllAndRefuseWhenClosed() {
        cache.put(A, 1, 60);
        cache.put(B, 2, 60);
        final TakenTicket held = cache.take(A);

        cache.close();
        cache.close();

        assertFalse(cache.put(A, 3, 60));
        assertFalse(cache.giveBack(held));
        assertNull(cache.take(B));
        assertEquals(List.of("2 EVICTED", "3 REFUSED", "1 REFUSED"), discarded);
        assertConserved(cache);
    }

    @Test
    void shouldCountExpiredWhenDroppedAfterItsLifetime() {
        cache.put(A, 1, 60);
        cache.put(A, 2, 600);
        nowMs[0] += 60_001;

        assertEquals(2, cache.drop(key -> true));

        assertEquals(List.of("2 EVICTED", "1 EXPIRED"), discarded);
        assertConserved(cache);
    }

    @Test
    void shouldNotChangePublishedTicketWhenItIsGivenBack() {
        cache.put(A, 1, 60);
        cache.put(A, 2, 60);
        final TakenTicket newer = cache.take(A);
        takeSlot(cache, A);

        cache.giveBack(newer);

        assertEquals(1, newer.ticket.next().slot, "a slower taker may still look at it");
        assertEquals(2, takeSlot(cache, A));
        assertNull(cache.take(A));
    }

    @Test
    void shouldLetNoPoolInWhenTableIsClosed() {
        final TicketTable table = new TicketTable(4);
        table.close(pool -> {});

        assertFalse(table.add(new TicketPool(A, null, 0)));

        assertNull(table.find(A));
    }

    @Test
    void shouldNameBadValues() {
        assertThrows(NullPointerException.class, () -> cache.take(null));
        assertThrows(NullPointerException.class, () -> cache.put(null, 1, 60));
        assertThrows(NullPointerException.class, () -> cache.put(A, null, 60));
        assertThrows(IllegalArgumentException.class, () -> cache.put(A, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> cache(-1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> cache(1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> cache(1, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> SessionKey.builder("a", -1));
        assertThrows(NullPointerException.class, () -> SessionKey.builder(null, 1));
        assertEquals(new SessionCacheStats(0, 0, 0, 0, 0, 0, 0), cache.stats());
    }

    /** A cache whose clock is read by another thread, which puts a ticket before it goes on: one later by the time it was. */
    private static final class Overtaken {
        private long nowMs = 1_000;
        private boolean overtakes;
        private final SessionCache cache = new SessionCache(new SessionCacheContext().clock(this::readLate));

        private long readLate() {
            final long read = nowMs;
            if (overtakes) {
                overtakes = false;
                nowMs++;
                cache.put(A, 2, 60);
            }
            return read;
        }

        Overtaken() {
            cache.put(A, 1, 60);
            overtakes = true;
        }
    }

    @Test
    void shouldNotTakeATicketForExpiredThatWasPutSinceExpireReadTheClock() {
        final Overtaken overtaken = new Overtaken();
        assertEquals(0, overtaken.cache.expire());
        assertEquals(new SessionCacheStats(2, 0, 0, 2, 0, 0, 0), overtaken.cache.stats());
    }

    @Test
    void shouldNotTakeATicketForExpiredThatWasPutSinceTakeReadTheClock() {
        final Overtaken overtaken = new Overtaken();
        assertEquals(2, takeSlot(overtaken.cache, A));
        assertEquals(new SessionCacheStats(2, 0, 1, 1, 0, 0, 0), overtaken.cache.stats());
    }

    @Test
    void shouldNotTakeATicketForExpiredThatWasPutSinceDropReadTheClock() {
        final Overtaken overtaken = new Overtaken();
        assertEquals(2, overtaken.cache.drop(A::equals));
        assertEquals(0, overtaken.cache.stats().expired());
    }

    /** A cache whose clock fails once when its reads are used up, or from some time on. */
    private static final class ClockFails {
        private int reads = Integer.MAX_VALUE;
        private boolean always;
        private final List<String> discarded = new ArrayList<>();
        private final SessionCache cache;

        ClockFails(final int maxKeys, final int maxPerKey, final int maxTickets) {
            cache = new SessionCache(new SessionCacheContext()
                    .maxKeys(maxKeys)
                    .maxTicketsPerKey(maxPerKey)
                    .maxTickets(maxTickets)
                    .clock(() -> {
                        if (always || reads-- == 0) {
                            throw new IllegalStateException("clock");
                        }
                        return 5;
                    })
                    .discardListener((key, slot, cause) -> discarded.add(slot + " " + cause)));
        }
    }

    @Test
    void shouldStillHoldTicketWhenClockFailsAsItIsGivenBack() {
        final ClockFails fails = new ClockFails(1, 1, 1);
        fails.cache.put(A, 1, 60);
        final TakenTicket taken = fails.cache.take(A);
        fails.reads = 0;

        assertThrows(IllegalStateException.class, () -> fails.cache.giveBack(taken));

        assertEquals(new SessionCacheStats(1, 0, 1, 0, 0, 0, 0), fails.cache.stats());
        assertTrue(fails.cache.giveBack(taken));
    }

    @Test
    void shouldRefuseTicketAndKeepTheOthersWhenClockFailsAsOneMustGo() {
        for (final SessionKey key : List.of(A, B)) {
            final ClockFails fails = new ClockFails(1, 1, 2);
            fails.cache.put(A, 1, 60);
            fails.reads = 1;

            assertThrows(IllegalStateException.class, () -> fails.cache.put(key, 2, 60));

            assertEquals(List.of("2 REFUSED"), fails.discarded);
            assertConserved(fails.cache);
            assertEquals(1, takeSlot(fails.cache, A));
        }
    }

    @Test
    void shouldLoseNoRoomWhenClockFailsAsAKeyMustGo() {
        final ClockFails fails = new ClockFails(2, 2, 2);
        fails.cache.put(A, 1, 60);
        fails.cache.put(A, 2, 60);
        fails.reads = 1;
        assertThrows(IllegalStateException.class, () -> fails.cache.put(B, 3, 60));
        fails.reads = Integer.MAX_VALUE;

        assertTrue(fails.cache.put(B, 4, 60));
        assertTrue(fails.cache.put(C, 5, 60));

        assertEquals(List.of("3 REFUSED", "2 EVICTED", "1 EVICTED"), fails.discarded);
        assertEquals(2, fails.cache.stats().resident());
    }

    @Test
    void shouldDropNothingUntoldWhenClockFails() {
        final ClockFails fails = new ClockFails(1, 1, 1);
        fails.cache.put(A, 1, 60);
        fails.reads = 0;

        assertThrows(IllegalStateException.class, () -> fails.cache.drop(key -> true));

        assertEquals(1, takeSlot(fails.cache, A));
    }

    @Test
    void shouldDiscardEverythingWhenClockFailsAsItCloses() {
        final ClockFails fails = new ClockFails(3, 2, 6);
        fails.cache.put(A, 1, 60);
        fails.cache.put(A, 2, 60);
        fails.cache.put(B, 3, 60);
        fails.cache.put(C, new byte[] {1, 2, 3}, 60);
        final TakenTicket taken = fails.cache.take(C);
        final byte[] secret = taken.ticket.secret;
        fails.cache.giveBack(taken);
        fails.always = true;

        final Exception ex = assertThrows(IllegalStateException.class, fails.cache::close);

        assertEquals("clock", ex.getMessage());
        assertEquals(
                Set.of("1 EVICTED", "2 EVICTED", "3 EVICTED"), Set.copyOf(fails.discarded), fails.discarded::toString);
        assertEquals(new SessionCacheStats(4, 1, 1, 0, 0, 4, 0), fails.cache.stats());
        assertArrayEquals(new byte[3], secret);
        fails.cache.close();
        assertEquals(3, fails.discarded.size());
    }

    @Test
    void shouldNotShowSlotThatMayBeSomebodyElsesByNow() {
        cache.put(A, 1, 60);
        final TakenTicket taken = cache.take(A);
        assertEquals(1, taken.slot());
        cache.giveBack(taken);

        final Exception ex = assertThrows(IllegalStateException.class, taken::slot);

        assertTrue(ex.getMessage().startsWith("not held any more: state=given back"), ex.getMessage());
    }
}
