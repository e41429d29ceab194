package io.millrace.tests.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import io.millrace.ring.OneToOneByteRing;
import io.millrace.ring.ThreadParker;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Rings of random shape, filled by up to four producers, closed at a random point: every byte that was accepted is read
 * once, in its producer's order, and the ring's own counts agree. Seconds by {@code millrace.soak.seconds}, a failing
 * seed again by {@code millrace.soak.seed}.
 */
class ByteRingSoakTest {
    private static final long SECONDS = Long.getLong("millrace.soak.seconds", 20);
    private static final long ROUND_DEADLINE_MS = 60_000;

    @Test
    void shouldAccountForEveryByteWhenClosedAtRandomPoints() throws Exception {
        final long seed = Long.getLong("millrace.soak.seed", System.nanoTime());
        System.out.println("soak: seed=" + seed + " seconds=" + SECONDS);
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long rounds = 0;
        long records = 0;
        for (long next = seed; System.nanoTime() < end; next++) {
            try {
                records += round(next);
            } catch (final Exception | Error ex) {
                throw new AssertionError("run again with -Dmillrace.soak.seed=" + next, ex);
            }
            rounds++;
        }
        System.out.println("soak: rounds=" + rounds + " records=" + records);
        assertTrue(records > 0);
    }

    private static long round(final long seed) throws InterruptedException {
        final Random random = new Random(seed);
        final int capacity = 64 << random.nextInt(11);
        final int maxLength = 1 + random.nextInt(capacity / 4);
        final Memory memory = random.nextBoolean() ? Memory.HEAP : Memory.DIRECT;
        final boolean manyToOne = random.nextInt(4) != 0;
        final ByteRing ring = manyToOne
                ? new ManyToOneByteRing(capacity, maxLength, memory)
                : new OneToOneByteRing(capacity, maxLength, memory);
        final Doorbell doorbell = new Doorbell(new ThreadParker());
        final SoakStream[] streams = new SoakStream[manyToOne ? SoakStream.MAX_PRODUCERS : 1];
        final SoakProducer[] producers = new SoakProducer[streams.length];
        final Thread[] threads = new Thread[streams.length + 1];
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final int closer = random.nextInt(streams.length);
        for (int i = 0; i < streams.length; i++) {
            streams[i] = new SoakStream(seed, i, maxLength);
            final long closeAfter = i == closer ? random.nextInt(1 << random.nextInt(16)) : Long.MAX_VALUE;
            producers[i] = new SoakProducer(ring, doorbell, streams[i], new Random(random.nextLong()), closeAfter);
            threads[i] = start(producers[i], ring, failure);
        }
        final SoakConsumer consumer = new SoakConsumer(ring, doorbell, streams, new Random(random.nextLong()));
        threads[streams.length] = start(
                () -> {
                    consumer.run();
                    for (int i = 0; i < streams.length; i++) {
                        join(threads[i]);
                    }
                    consumer.drain();
                },
                ring,
                failure);
        for (final Thread thread : threads) {
            join(thread);
        }
        if (failure.get() != null) {
            throw new AssertionError("a thread failed", failure.get());
        }
        return checkCounts(ring, producers, consumer);
    }

    private static Thread start(final Runnable task, final ByteRing ring, final AtomicReference<Throwable> failure) {
        final Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (final Throwable ex) {
                failure.compareAndSet(null, ex);
                ring.close();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(final Thread thread) {
        try {
            thread.join(ROUND_DEADLINE_MS);
        } catch (final InterruptedException ex) {
            throw new AssertionError("interrupted", ex);
        }
        if (thread.isAlive()) {
            final AssertionError hangs = new AssertionError("a thread hangs");
            hangs.setStackTrace(thread.getStackTrace());
            throw hangs;
        }
    }

    private static long checkCounts(final ByteRing ring, final SoakProducer[] producers, final SoakConsumer consumer) {
        long accepted = 0;
        long acceptedBytes = 0;
        long aborted = 0;
        long abandoned = 0;
        for (int i = 0; i < producers.length; i++) {
            assertEquals(producers[i].accepted, consumer.read[i], "records of producer " + i);
            accepted += producers[i].accepted;
            acceptedBytes += producers[i].acceptedBytes;
            aborted += producers[i].aborted;
            abandoned += producers[i].abandoned;
        }
        assertEquals(acceptedBytes, consumer.readBytes);
        assertEquals(accepted, ring.readRecords());
        assertEquals(aborted, ring.abortedRecords());
        assertEquals(abandoned, ring.unblockedRecords());
        assertEquals(accepted + aborted + abandoned, ring.claimedRecords());
        assertEquals(ring.producerPosition(), ring.consumerPosition());
        return accepted;
    }
}
