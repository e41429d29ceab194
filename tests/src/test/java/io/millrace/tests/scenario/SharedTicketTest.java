package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.Race;
import io.millrace.session.SessionCache;
import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionCacheStats;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/** FAULTS 1: two connections that resume at once must never use the same ticket. */
class SharedTicketTest {
    private static final SessionKey KEY = SessionKey.builder("a.example", 443).build();

    /** What a connection does with tickets; an implementation for each design. */
    private interface Tickets {
        void put(long id);

        /** The ticket for one connection, or null. */
        Used take();
    }

    /** A ticket in a connection's hands. */
    private interface Used {
        long id();

        /** Writes the flag that says whether early data may be sent; answers what it was before. */
        boolean writeEarlyDataFlag();
    }

    private static final class Taken implements Tickets {
        private final SessionCache cache = new SessionCache(new SessionCacheContext());

        @Override
        public void put(final long id) {
            cache.put(KEY, id, 3_600);
        }

        @Override
        public Used take() {
            final TakenTicket ticket = cache.take(KEY);
            if (ticket == null) {
                return null;
            }
            final long id = ticket.spendSlot();
            return new Used() {
                private boolean flag;

                @Override
                public long id() {
                    return id;
                }

                @Override
                public boolean writeEarlyDataFlag() {
                    final boolean before = flag;
                    flag = true;
                    return before;
                }
            };
        }
    }

    /**
     * The faulty design: one cache looks entries up and leaves them there, and the mutex that was added lives in a
     * wrapper that each connection makes for itself, so it orders nothing between two of them.
     */
    private static final class Shared implements Tickets {
        private static final class Session implements Used {
            private final long id;
            private boolean earlyData;

            Session(final long id) {
                this.id = id;
            }

            @Override
            public long id() {
                return id;
            }

            @Override
            public boolean writeEarlyDataFlag() {
                final Object mutexOfThisConnection = new Object();
                synchronized (mutexOfThisConnection) {
                    final boolean before = earlyData;
                    earlyData = true;
                    return before;
                }
            }
        }

        private final Deque<Session> sessions = new ArrayDeque<>();

        @Override
        public synchronized void put(final long id) {
            sessions.addFirst(new Session(id));
            while (sessions.size() > 4) {
                sessions.removeLast();
            }
        }

        @Override
        public synchronized Used take() {
            return sessions.peekFirst();
        }
    }

    /** One connection takes, builds its hello and stops; the other runs through; then the first writes its flag. */
    private static List<String> resumeTwoAtOnce(final Tickets tickets) throws InterruptedException {
        tickets.put(1);
        tickets.put(2);
        final CountDownLatch helloBuilt = new CountDownLatch(1);
        final CountDownLatch flagWritten = new CountDownLatch(1);
        final AtomicReferenceArray<Used> used = new AtomicReferenceArray<>(2);
        final List<String> faults = new ArrayList<>();
        final Thread first = new Thread(() -> {
            used.set(0, tickets.take());
            helloBuilt.countDown();
            try {
                assertTrue(flagWritten.await(30, TimeUnit.SECONDS));
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            if (used.get(0).writeEarlyDataFlag()) {
                faults.add("flag of another connection");
            }
        });
        first.start();
        assertTrue(helloBuilt.await(30, TimeUnit.SECONDS));
        used.set(1, tickets.take());
        used.get(1).writeEarlyDataFlag();
        flagWritten.countDown();
        first.join(30_000);
        assertFalse(first.isAlive());
        if (used.get(0).id() == used.get(1).id()) {
            faults.add("ticket used twice");
        }
        return faults;
    }

    @Test
    void shouldGiveEachConnectionItsOwnTicketWhenTwoResumeAtOnce() throws InterruptedException {
        assertEquals(List.of(), resumeTwoAtOnce(new Taken()));
    }

    @Test
    void shouldCatchTheFaultyTwinWhenTwoResumeAtOnce() throws InterruptedException {
        assertEquals(List.of("flag of another connection", "ticket used twice"), resumeTwoAtOnce(new Shared()));
    }

    private static int timesTakenAtMost(final Tickets tickets, final int rounds) {
        final AtomicIntegerArray takes = new AtomicIntegerArray(rounds);
        Race.run(4, thread -> {
            for (int round = 0; round < rounds; round++) {
                if (thread == 0) {
                    tickets.put(round);
                } else {
                    final Used used = tickets.take();
                    if (used != null) {
                        takes.incrementAndGet((int) used.id());
                    }
                }
            }
        });
        int most = 0;
        for (int i = 0; i < rounds; i++) {
            most = Math.max(most, takes.get(i));
        }
        return most;
    }

    @Test
    void shouldTakeEachTicketAtMostOnceWhenTakersRaceWithProducer() {
        assertEquals(1, timesTakenAtMost(new Taken(), 100_000));
    }

    @Test
    void shouldCatchTheFaultyTwinWhenTakersRaceWithProducer() {
        assertNotEquals(1, timesTakenAtMost(new Shared(), 10_000));
    }

    /** Eight threads do everything there is, on a cache that is too small, while time passes. */
    @Test
    void shouldAccountForEveryTicketAfterHundredThousandRounds() {
        final long seed = System.nanoTime();
        final int threads = 8;
        final int rounds = 100_000 / threads;
        final AtomicIntegerArray ended = new AtomicIntegerArray(threads * rounds);
        final long[] nowMs = {1};
        final SessionCache cache = new SessionCache(new SessionCacheContext()
                .maxKeys(40)
                .maxTicketsPerKey(3)
                .maxTickets(64)
                // Read without order: a clock may lag, but the ages it makes are good enough.
                .clock(() -> nowMs[0])
                .discardListener((key, slot, cause) -> ended.incrementAndGet((int) slot)));
        final SessionKey[] keys = new SessionKey[50];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = SessionKey.builder("h" + i, 443).build();
        }
        Race.run(threads, thread -> {
            final Random random = new Random(seed + thread);
            for (int round = 0; round < rounds; round++) {
                cache.put(keys[random.nextInt(keys.length)], (long) thread * rounds + round, random.nextInt(4));
                final TakenTicket taken = cache.take(keys[random.nextInt(keys.length)]);
                if (taken != null && random.nextInt(3) == 0) {
                    cache.giveBack(taken);
                } else if (taken != null) {
                    ended.incrementAndGet((int) taken.spendSlot());
                }
                switch (random.nextInt(500)) {
                    case 0 -> cache.drop(key -> key.host().endsWith("7"));
                    case 1 -> cache.expire();
                    case 2 -> nowMs[0] += 500;
                    default -> assertTrue(round >= 0);
                }
            }
        });

        final SessionCacheStats s = cache.stats();
        assertEquals(threads * rounds, s.put());
        assertEquals(
                s.put() + s.givenBack(),
                s.taken() + s.resident() + s.expired() + s.evicted() + s.refused(),
                () -> "seed=" + seed + " " + s);
        assertTrue(s.resident() <= 64, () -> "seed=" + seed + " " + s);
        assertTrue(s.taken() > 0 && s.evicted() > 0 && s.expired() > 0 && s.givenBack() > 0, s::toString);
        cache.close();
        for (int i = 0; i < ended.length(); i++) {
            final int id = i;
            assertEquals(1, ended.get(i), () -> "ticket " + id + " must end once: seed=" + seed);
        }
        assertNull(cache.take(keys[0]));
    }
}
