package io.millrace.jmh.session;

import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reads of a connection's state, alone and beside a thread that moves it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class StateBenchmark {
    @Param({"millrace", "atomicReference", "readWriteLock"})
    private String design;

    private Cell cell;

    private enum Phase {
        OPEN
    }

    private record Value(Phase phase, long number) {}

    /** What all designs can do. */
    private interface Cell {
        long read();

        void move();
    }

    private static final class Millrace implements Cell {
        private final StateCell<Value> state = new StateCell<>(
                new Value(Phase.OPEN, 0),
                StateEdges.by(Phase.class, Value::phase).edge(Phase.OPEN, Phase.OPEN));

        @Override
        public long read() {
            return state.value().number();
        }

        @Override
        public void move() {
            state.update(value -> new Value(Phase.OPEN, value.number() + 1));
        }
    }

    private static final class Reference implements Cell {
        private final AtomicReference<Value> state = new AtomicReference<>(new Value(Phase.OPEN, 0));

        @Override
        public long read() {
            return state.get().number();
        }

        @Override
        public void move() {
            state.updateAndGet(value -> new Value(Phase.OPEN, value.number() + 1));
        }
    }

    private static final class Locked implements Cell {
        private final ReadWriteLock lock = new ReentrantReadWriteLock();
        private long number;

        @Override
        public long read() {
            lock.readLock().lock();
            try {
                return number;
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public void move() {
            lock.writeLock().lock();
            try {
                number++;
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    /** Makes the cell. */
    @Setup
    public void make() {
        cell = switch (design) {
            case "millrace" -> new Millrace();
            case "atomicReference" -> new Reference();
            case "readWriteLock" -> new Locked();
            default -> throw new IllegalArgumentException("no such design: design=" + design);
        };
    }

    /**
     * One read.
     *
     * @return a part of the state.
     */
    @Benchmark
    public long read() {
        return cell.read();
    }

    /**
     * One read beside a mover.
     *
     * @return a part of the state.
     */
    @Benchmark
    @Group("readWithMover")
    @GroupThreads(1)
    public long readBesideMover() {
        return cell.read();
    }

    /** One move beside a reader. */
    @Benchmark
    @Group("readWithMover")
    @GroupThreads(1)
    public void move() {
        cell.move();
    }
}
