package io.millrace.jmh.session;

import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistryRecord;
import io.millrace.session.RegistrySnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Registries of one type of records: ours; the read-write-locked map that the original system used, whose list copies
 * under the lock, for what leaves it must not change; and maps that cannot list one instant at all, as yardsticks: of
 * records with versions, as a registry hands out, and of bare values, which save a load and know no version.
 */
final class RegistryStores {
    private static final String TYPE = "type";

    private RegistryStores() {}

    /** Without a type: a cast to it would load the value itself, which the maps' reads do not. */
    private static Object valueOf(final RegistryRecord<?> found) {
        return found == null ? null : found.value();
    }

    private static String[] names(final int count) {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "record-" + i;
        }
        return names;
    }

    static final class Millrace implements Store {
        private final Registry<Long> registry = new Registry<>(new RegistryContext<>());
        private final String[] ids;

        Millrace(final int count) {
            ids = names(count);
        }

        @Override
        public Object read(final int entry) {
            return valueOf(registry.get(TYPE, ids[entry]));
        }

        @Override
        public void write(final int entry) {
            registry.put(TYPE, ids[entry], (long) entry);
        }

        @Override
        public void remove(final int entry) {
            registry.remove(TYPE, ids[entry]);
        }

        @Override
        public Collection<?> list() {
            return registry.list(TYPE);
        }

        @Override
        public Object root() {
            return registry;
        }
    }

    /** One snapshot that a reader holds on to, as it does while it looks up several records that must fit together. */
    static final class Snapshot implements Store {
        private final Millrace registry;
        private RegistrySnapshot<Long> snapshot;

        Snapshot(final int count) {
            registry = new Millrace(count);
            snapshot = registry.registry.snapshot();
        }

        @Override
        public Object read(final int entry) {
            return valueOf(snapshot.get(TYPE, registry.ids[entry]));
        }

        @Override
        public void write(final int entry) {
            registry.write(entry);
            snapshot = registry.registry.snapshot();
        }

        @Override
        public Object root() {
            return snapshot;
        }
    }

    static final class Locked implements Store {
        private final ReadWriteLock lock = new ReentrantReadWriteLock();
        private final Map<String, Map<String, Long>> types = new HashMap<>(Map.of(TYPE, new HashMap<>()));
        private final String[] ids;

        Locked(final int count) {
            ids = names(count);
        }

        @Override
        public Object read(final int entry) {
            lock.readLock().lock();
            try {
                return types.get(TYPE).get(ids[entry]);
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public void write(final int entry) {
            lock.writeLock().lock();
            try {
                types.get(TYPE).put(ids[entry], (long) entry);
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public void remove(final int entry) {
            lock.writeLock().lock();
            try {
                types.get(TYPE).remove(ids[entry]);
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public Collection<?> list() {
            lock.readLock().lock();
            try {
                return new ArrayList<>(types.get(TYPE).values());
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public Object root() {
            return types;
        }
    }

    static final class Mapped implements Store {
        private final Map<String, Map<String, Long>> types;
        private final String[] ids;

        Mapped(final Map<String, Map<String, Long>> types, final Map<String, Long> records, final int count) {
            this.types = types;
            types.put(TYPE, records);
            ids = names(count);
        }

        @Override
        public Object read(final int entry) {
            return types.get(TYPE).get(ids[entry]);
        }

        @Override
        public void write(final int entry) {
            types.get(TYPE).put(ids[entry], (long) entry);
        }

        @Override
        public void remove(final int entry) {
            types.get(TYPE).remove(ids[entry]);
        }

        @Override
        public Collection<?> list() {
            return new ArrayList<>(types.get(TYPE).values());
        }

        @Override
        public Object root() {
            return types;
        }
    }

    /** What a registry keeps of a record. */
    private record Versioned(String type, String id, long version, long modifiedAtMs, Long value) {}

    static final class MappedRecords implements Store {
        private final Map<String, Map<String, Versioned>> types =
                new ConcurrentHashMap<>(Map.of(TYPE, new ConcurrentHashMap<>()));
        private final AtomicLong version = new AtomicLong();
        private final String[] ids;

        MappedRecords(final int count) {
            ids = names(count);
        }

        @Override
        public Object read(final int entry) {
            final Versioned found = types.get(TYPE).get(ids[entry]);
            return found == null ? null : found.value();
        }

        @Override
        public void write(final int entry) {
            final String id = ids[entry];
            final long now = System.currentTimeMillis();
            types.get(TYPE).put(id, new Versioned(TYPE, id, version.incrementAndGet(), now, (long) entry));
        }

        @Override
        public void remove(final int entry) {
            types.get(TYPE).remove(ids[entry]);
        }

        @Override
        public Collection<?> list() {
            return new ArrayList<>(types.get(TYPE).values());
        }

        @Override
        public Object root() {
            return types;
        }
    }
}
