package io.millrace.jmh.session;

import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One state: ours; a bare reference, which keeps no history, checks no edge and tells nobody; and one behind a lock. Who
 * reads a state looks at what it says: so does each read here.
 */
final class StateStores {
    private StateStores() {}

    private enum Phase {
        OPEN
    }

    private record Value(Phase phase, long number) {
        Value next() {
            return new Value(phase, number + 1);
        }
    }

    private static final Value FIRST = new Value(Phase.OPEN, 0);

    record Millrace(StateCell<Value> root) implements Store {
        Millrace() {
            this(new StateCell<>(FIRST, StateEdges.by(Phase.class, Value::phase).edge(Phase.OPEN, Phase.OPEN)));
        }

        @Override
        public Object read(final int entry) {
            return root.value().phase();
        }

        @Override
        public void write(final int entry) {
            root.update(Value::next);
        }
    }

    record Reference(AtomicReference<Value> root) implements Store {
        Reference() {
            this(new AtomicReference<>(FIRST));
        }

        @Override
        public Object read(final int entry) {
            return root.get().phase();
        }

        @Override
        public void write(final int entry) {
            root.updateAndGet(Value::next);
        }
    }

    static final class Locked implements Store {
        private final ReadWriteLock lock = new ReentrantReadWriteLock();
        private Value state = FIRST;

        @Override
        public Object read(final int entry) {
            lock.readLock().lock();
            try {
                return state.phase();
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public void write(final int entry) {
            lock.writeLock().lock();
            try {
                state = state.next();
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public Object root() {
            return this;
        }
    }
}
