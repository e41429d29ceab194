package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.Filter;
import io.millrace.session.Race;
import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistryRecord;
import io.millrace.session.RegistrySnapshot;
import io.millrace.session.SyncLatest;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** FAULTS 3: a listing is of one instant, and the version it reports is the version of exactly that. */
class ListingTest {
    private final Registry<String> registry = new Registry<>(new RegistryContext<>());

    /** The faulty design: the lock is released before what it guarded is read. */
    private static final class LeakyStore {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final Map<String, Map<String, String>> types;
        private long version;

        LeakyStore() {
            this(new HashMap<>());
        }

        LeakyStore(final Map<String, Map<String, String>> types) {
            this.types = types;
        }

        void put(final String type, final String id, final String value) {
            lock.writeLock().lock();
            try {
                types.computeIfAbsent(type, key -> new HashMap<>()).put(id, value);
                version++;
            } finally {
                lock.writeLock().unlock();
            }
        }

        Iterator<String> types() {
            lock.readLock().lock();
            try {
                return types.keySet().iterator();
            } finally {
                lock.readLock().unlock();
            }
        }

        private long version() {
            lock.readLock().lock();
            try {
                return version;
            } finally {
                lock.readLock().unlock();
            }
        }

        /** Version first, records afterwards, and room for a writer in between. */
        long[] versionAndCount(final String type, final Runnable between) {
            final long read = version();
            between.run();
            lock.readLock().lock();
            try {
                return new long[] {read, types.getOrDefault(type, Map.of()).size()};
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    @Test
    void shouldListOneInstantWhenTypeIsAddedHalfway() {
        for (final String type : List.of("d", "b", "c")) {
            registry.put(type, "1", "x");
        }
        final Iterator<String> types = registry.types().iterator();
        final List<String> seen = new ArrayList<>(List.of(types.next()));

        registry.put("a", "1", "x");
        registry.remove("b", "1");

        types.forEachRemaining(seen::add);
        assertEquals(List.of("b", "c", "d"), seen);
        assertEquals(List.of("a", "c", "d"), registry.types());
    }

    @Test
    void shouldCatchTheFaultyTwinWhenTypeIsAddedHalfway() {
        final LeakyStore store = new LeakyStore();
        store.put("d", "1", "x");
        store.put("b", "1", "x");
        final Iterator<String> types = store.types();
        types.next();

        store.put("a", "1", "x");

        assertThrows(ConcurrentModificationException.class, types::next);
    }

    @Test
    void shouldFinishListingWhenAnotherReaderIsParkedHalfway() throws InterruptedException {
        registry.put("t", "a", "x");
        registry.put("t", "b", "x");
        final CountDownLatch halfway = new CountDownLatch(1);
        final CountDownLatch resume = new CountDownLatch(1);
        final List<String> parked = new ArrayList<>();
        final Thread reader = new Thread(() -> {
            final Iterator<RegistryRecord<String>> records = registry.list("t").iterator();
            parked.add(records.next().id());
            halfway.countDown();
            try {
                assertTrue(resume.await(30, TimeUnit.SECONDS));
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            records.forEachRemaining(record -> parked.add(record.id()));
        });
        reader.start();
        assertTrue(halfway.await(30, TimeUnit.SECONDS));

        registry.put("t", "c", "x");
        assertEquals(3, List.copyOf(registry.list("t")).size());

        resume.countDown();
        reader.join(30_000);
        assertEquals(2, parked.size());
    }

    @Test
    void shouldReportVersionOfItsRecordsWhenPutAndClearComeBetween() {
        registry.put("t", "a", "x");
        final RegistrySnapshot<String> snapshot = registry.snapshot();
        final long version = snapshot.version();

        registry.put("t", "b", "x");
        registry.clear();
        registry.put("t", "c", "x");

        assertEquals(version, snapshot.list("t").size());
        assertEquals("a", snapshot.list("t", Filter.ALL).get(0).id());
        assertNotEquals(snapshot.serverVersion(), registry.snapshot().serverVersion());
    }

    @Test
    void shouldCatchTheFaultyTwinWhenPutComesBetween() {
        final LeakyStore store = new LeakyStore();
        store.put("t", "a", "x");

        final long[] versionAndCount = store.versionAndCount("t", () -> store.put("t", "b", "x"));

        assertNotEquals(versionAndCount[0], versionAndCount[1]);
    }

    /** One writer, two readers: returns how often a version was not that of the records beside it. */
    private static int mismatches(final Runnable writer, final LongSupplier difference) {
        final AtomicInteger mismatches = new AtomicInteger();
        final AtomicInteger writers = new AtomicInteger(1);
        Race.run(3, thread -> {
            if (thread == 0) {
                try {
                    writer.run();
                } finally {
                    writers.decrementAndGet();
                }
            } else {
                while (writers.get() > 0) {
                    if (difference.getAsLong() != 0) {
                        mismatches.incrementAndGet();
                    }
                }
            }
        });
        return mismatches.get();
    }

    /** One record, so that a look takes no longer than the gap that there must not be. */
    @Test
    void shouldReportVersionOfItsRecordsWhenWriterIsBusy() {
        registry.put("t", "a", "x");

        final int mismatches = mismatches(
                () -> {
                    for (int i = 0; i < 300_000; i++) {
                        registry.put("t", "a", "x");
                    }
                },
                () -> {
                    final SyncLatest<String> latest = registry.syncLatest("t", Filter.ALL);
                    return latest.version() - latest.records().get(0).version();
                });

        assertEquals(0, mismatches);
    }

    @Test
    void shouldCatchTheFaultyTwinWhenWriterIsBusy() {
        shouldCatch(() -> {
            final LeakyStore store = new LeakyStore();
            return mismatches(
                    () -> {
                        for (int i = 0; i < 50_000; i++) {
                            store.put("t", "r" + i, "x");
                        }
                    },
                    () -> {
                        final long[] versionAndCount = store.versionAndCount("t", Thread::yield);
                        return versionAndCount[0] - versionAndCount[1];
                    });
        });
    }

    /** Plays until the twin is caught: on few cores it may happen that a whole play is over before its readers have run. */
    private static void shouldCatch(final IntSupplier play) {
        final long startNs = System.nanoTime();
        int caught = play.getAsInt();
        while (caught == 0 && System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30)) {
            caught = play.getAsInt();
        }
        assertNotEquals(0, caught);
    }

    /** One writer adds types in order while two list them: how many listings failed, had gaps or shrank. */
    private static int badListings(final Consumer<String> add, final Supplier<Iterator<String>> types) {
        final AtomicInteger writers = new AtomicInteger(1);
        final AtomicInteger bad = new AtomicInteger();
        Race.run(3, thread -> {
            if (thread == 0) {
                for (int i = 0; i < 2_000; i++) {
                    add.accept(String.format("t%05d", i));
                }
                writers.decrementAndGet();
                return;
            }
            int before = 0;
            while (writers.get() > 0) {
                int size = 0;
                try {
                    for (final Iterator<String> listing = types.get(); listing.hasNext(); size++) {
                        if (!listing.next().equals(String.format("t%05d", size))) {
                            bad.incrementAndGet();
                        }
                    }
                } catch (final RuntimeException ex) {
                    bad.incrementAndGet();
                    continue;
                }
                if (size < before) {
                    bad.incrementAndGet();
                }
                before = size;
            }
        });
        return bad.get();
    }

    @Test
    void shouldListPrefixesThatOnlyGrowWhenTypesAreAddedInOrder() {
        assertEquals(
                0,
                badListings(
                        type -> registry.put(type, "1", "x"),
                        () -> registry.types().iterator()));

        assertEquals(2_000, registry.types().size());
    }

    @Test
    void shouldCatchTheFaultyTwinWhenTypesAreAddedInOrder() {
        shouldCatch(() -> {
            final LeakyStore store = new LeakyStore(new TreeMap<>());
            return badListings(type -> store.put(type, "1", "x"), store::types);
        });
    }
}
