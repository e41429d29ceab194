package io.millrace.jmh.session;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.millrace.session.SessionCache;
import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.maps.NonBlockingHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One ticket taken and one put, of a random key. {@code mutex} is a least-recently-used list of pools behind a mutex,
 * {@code mutexOfOne} has one ticket a key, as the original system had; {@code caffeine}, the best peer, takes with
 * {@code asMap().remove}, and {@code caffeineInline} does its upkeep on the caller's thread; the two maps have no bounds,
 * no lifetimes and no pools, and are there as yardsticks. Every design checks the lifetime of what it takes.
 *
 * <p>What bounds it on two cores, by a prototype of the hot path with parts left out: of a pair's 250 ns of processor
 * time, the two reads of the clock are about 60, and about 80 are spent because the key's lines were last written by the
 * other core (threads that keep to keys of their own are that much faster).
 *
 * <p>JDK 17, million pairs/s, lowest and highest of 9 iterations in brackets, 8 threads: 1,000 keys, ours 5.9 (5.0 to 6.6),
 * mutex 1.13 (0.99 to 1.35), Caffeine 2.4 (1.8 to 2.6): 5.2 and 2.5 times. One key: 3.6, 2.7 and 2.6. At 1 / 2 / 4 threads
 * and 1,000 keys, 2 forks with some other work on the machine: 4.6 / 4.9 / 4.9, mutex 6.0 / 1.8 / 1.8, Caffeine 1.3 / 1.6 /
 * 2.0. {@code churn}, measured beside that same work, is where ours loses: 1.0 and 0.6 at 10 and 1,000 keys against 1.2 and 1.1 of the mutex and 5.9 and 2.4
 * of Caffeine, for the key that goes is found by looking at 32 or at all of them, not by a list that each use would change.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@Threads(8)
public class TicketBenchmark {
    private static final long LIFETIME_S = 3_600;
    private static final int TICKETS_PER_KEY = 4;

    /** Whose. */
    @Param({"millrace", "mutex", "mutexOfOne", "caffeine", "caffeineInline", "concurrentHashMap", "nonBlockingHashMap"})
    public String design;

    /** How many there are. */
    @Param({"1", "10", "1000", "100000"})
    public int keys;

    private static final int CHURNED = 4;

    private final AtomicInteger made = new AtomicInteger();
    private SessionKey[] sessionKeys;
    private Tickets tickets;

    /** The slot of a ticket and when it expires. */
    private record Held(long slot, long expiresAtMs) {
        static Held of(final long slot) {
            return new Held(slot, System.currentTimeMillis() + LIFETIME_S * 1_000);
        }

        static long live(final Held entry) {
            return entry == null || entry.expiresAtMs < System.currentTimeMillis() ? -1 : entry.slot;
        }
    }

    /** What all designs can do. */
    private interface Tickets {
        void put(SessionKey key, long slot);

        long take(SessionKey key);
    }

    private record Millrace(SessionCache cache) implements Tickets {
        @Override
        public void put(final SessionKey key, final long slot) {
            cache.put(key, slot, LIFETIME_S);
        }

        @Override
        public long take(final SessionKey key) {
            final TakenTicket taken = cache.take(key);
            return taken == null ? -1 : taken.spendSlot();
        }
    }

    /** What we do, behind a mutex: pools, newest first, of the keys used last. Clocks are read outside. */
    private static final class Mutex implements Tickets {
        private final Map<SessionKey, ArrayDeque<Held>> lru;

        Mutex(final int max) {
            lru = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(final Map.Entry<SessionKey, ArrayDeque<Held>> eldest) {
                    return size() > max;
                }
            };
        }

        @Override
        public void put(final SessionKey key, final long slot) {
            final Held held = Held.of(slot);
            synchronized (lru) {
                final ArrayDeque<Held> pool = lru.computeIfAbsent(key, absent -> new ArrayDeque<>(TICKETS_PER_KEY));
                pool.addFirst(held);
                if (pool.size() > TICKETS_PER_KEY) {
                    pool.removeLast();
                }
            }
        }

        @Override
        public long take(final SessionKey key) {
            final Held held;
            synchronized (lru) {
                final ArrayDeque<Held> pool = lru.get(key);
                held = pool == null ? null : pool.pollFirst();
            }
            return Held.live(held);
        }
    }

    /** One ticket a key, as the original system had it. */
    private static final class MutexOfOne implements Tickets {
        private final Map<SessionKey, Held> lru;

        MutexOfOne(final int max) {
            lru = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(final Map.Entry<SessionKey, Held> eldest) {
                    return size() > max;
                }
            };
        }

        @Override
        public void put(final SessionKey key, final long slot) {
            final Held held = Held.of(slot);
            synchronized (lru) {
                lru.put(key, held);
            }
        }

        @Override
        public long take(final SessionKey key) {
            final Held held;
            synchronized (lru) {
                held = lru.remove(key);
            }
            return Held.live(held);
        }
    }

    private record Mapped(Map<SessionKey, Held> map) implements Tickets {
        @Override
        public void put(final SessionKey key, final long slot) {
            map.put(key, Held.of(slot));
        }

        @Override
        public long take(final SessionKey key) {
            return Held.live(map.remove(key));
        }
    }

    /** Fills the cache with one ticket a key. */
    @Setup
    public void fill() {
        sessionKeys = new SessionKey[CHURNED * keys];
        for (int i = 0; i < sessionKeys.length; i++) {
            sessionKeys[i] = SessionKey.builder("host-" + i, 443).build();
        }
        final int max = Math.max(keys, 16);
        tickets = switch (design) {
            case "millrace" ->
                new Millrace(new SessionCache(new SessionCacheContext()
                        .maxKeys(max)
                        .maxTicketsPerKey(TICKETS_PER_KEY)
                        .maxTickets(max * TICKETS_PER_KEY)));
            case "mutex" -> new Mutex(max);
            case "mutexOfOne" -> new MutexOfOne(max);
            case "caffeine" ->
                new Mapped(Caffeine.newBuilder()
                        .maximumSize(max)
                        .<SessionKey, Held>build()
                        .asMap());
            case "caffeineInline" ->
                new Mapped(Caffeine.newBuilder()
                        .maximumSize(max)
                        .initialCapacity(max)
                        .executor(Runnable::run)
                        .<SessionKey, Held>build()
                        .asMap());
            case "concurrentHashMap" -> new Mapped(new ConcurrentHashMap<>());
            case "nonBlockingHashMap" -> new Mapped(new NonBlockingHashMap<>());
            default -> throw new IllegalArgumentException("no such design: design=" + design);
        };
        for (int i = 0; i < keys; i++) {
            tickets.put(sessionKeys[i], i);
        }
    }

    /**
     * One ticket taken, one put.
     *
     * @return the slot taken.
     */
    @Benchmark
    public long takeAndPut() {
        final SessionKey key = sessionKeys[ThreadLocalRandom.current().nextInt(keys)];
        final long slot = tickets.take(key);
        tickets.put(key, slot < 0 ? 1 : slot);
        return slot;
    }

    /** One ticket put for a key that is not there any more, so that the key used least lately goes; the maps only grow. */
    @Benchmark
    public void churn() {
        final int number = made.getAndIncrement() & Integer.MAX_VALUE;
        tickets.put(sessionKeys[number % sessionKeys.length], number);
    }
}
