package io.millrace.tests.scenario;

import io.millrace.session.HandlePool;
import io.millrace.session.Race;
import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Four writers, a closer and a reader, on connections that share two sockets. The closer closes each connection and opens
 * the next in its place; the reader checks what came out of each socket when it was recycled. Without pins, a writer
 * looks whether its connection is open and then writes: the faulty design.
 */
final class CloseRace {
    private static final int WRITERS = 4;
    private static final int MAX_MESSAGES = 32;
    private static final int PATIENCE = 1_000;

    private enum Phase {
        OPEN,
        CLOSED
    }

    private record Connected(Phase phase, int number, long socket) {}

    private static final StateEdges<Connected, Phase> EDGES =
            StateEdges.by(Phase.class, Connected::phase).edge(Phase.OPEN, Phase.CLOSED);

    /** What one peer gets: each message in two halves, the second the complement of the first. */
    private static final class Wire {
        private final int number;
        private final long[] halves = new long[2 * MAX_MESSAGES];
        private final AtomicInteger end = new AtomicInteger();
        private int endWhenRecycled;

        Wire(final int number) {
            this.number = number;
        }

        boolean write(final long message) {
            final int at = end.getAndAdd(2);
            if (at >= halves.length) {
                end.addAndGet(-2);
                return false;
            }
            halves[at] = message;
            Thread.onSpinWait();
            halves[at + 1] = ~message;
            return true;
        }
    }

    private static final class Socket {
        private volatile Wire wire;
    }

    private final int cycles;
    private final boolean pins;
    private final Queue<Wire> recycled = new ConcurrentLinkedQueue<>();
    private final HandlePool<Socket> pool = new HandlePool<>(2, Socket::new, this::recycle);
    private final AtomicReferenceArray<StateCell<Connected>> connections;
    private final AtomicIntegerArray closes;
    private final AtomicInteger current = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private long delivered;

    CloseRace(final int cycles, final boolean pins) {
        this.cycles = cycles;
        this.pins = pins;
        connections = new AtomicReferenceArray<>(cycles);
        closes = new AtomicIntegerArray(cycles);
    }

    void run() {
        open(0);
        Race.run(WRITERS + 2, thread -> {
            if (thread < WRITERS) {
                write(thread);
            } else if (thread == WRITERS) {
                close();
            } else {
                read();
            }
        });
        if (delivered != accepted.get()) {
            faults.add("accepted=" + accepted + " delivered=" + delivered);
        }
        for (int i = 0; i < cycles; i++) {
            if (closes.get(i) != 1) {
                faults.add("connection " + i + " was closed " + closes.get(i) + " times");
            }
        }
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    long delivered() {
        return delivered;
    }

    private void open(final int number) {
        long handle = pool.acquire();
        while (handle == HandlePool.NONE) {
            Thread.yield();
            handle = pool.acquire();
        }
        final Socket socket = pool.pin(handle);
        socket.wire = new Wire(number);
        pool.unpin(handle);
        final StateCell<Connected> cell = new StateCell<>(new Connected(Phase.OPEN, number, handle), EDGES);
        cell.onEdge((from, to) -> closes.incrementAndGet(number));
        connections.set(number, cell);
        current.set(number);
    }

    private void close() {
        for (int number = 0; number < cycles; number++) {
            final StateCell<Connected> cell = connections.get(number);
            final Connected open = cell.value();
            final Wire wire = wire(open.socket());
            // Most connections have traffic when they are closed.
            for (int i = 0; i < PATIENCE && wire.end.get() == 0; i++) {
                Thread.yield();
            }
            for (int twice = 0; twice < 2; twice++) {
                if (cell.compareAndSet(open, new Connected(Phase.CLOSED, number, open.socket()))) {
                    pool.release(open.socket());
                }
            }
            if (number + 1 < cycles) {
                open(number + 1);
            }
        }
        current.set(-1);
    }

    private Wire wire(final long handle) {
        final Socket socket = pool.pin(handle);
        final Wire wire = socket.wire;
        pool.unpin(handle);
        return wire;
    }

    private void write(final int writer) {
        long message = writer;
        for (int number = current.get(); number >= 0; number = current.get()) {
            final Connected loaded = connections.get(number).value();
            if (loaded.phase() == Phase.OPEN && write(loaded, (long) number << 32 | message)) {
                accepted.incrementAndGet();
                message += WRITERS;
            } else {
                Thread.yield();
            }
        }
    }

    private boolean write(final Connected loaded, final long message) {
        final Socket pinned = pool.pin(loaded.socket());
        if (pinned == null) {
            return false;
        }
        if (!pins) {
            pool.unpin(loaded.socket());
            Thread.yield();
        }
        final Wire wire = pinned.wire;
        final boolean written = wire != null && wire.write(message);
        if (pins) {
            pool.unpin(loaded.socket());
        }
        return written;
    }

    private void recycle(final Socket socket) {
        final Wire wire = socket.wire;
        wire.endWhenRecycled = wire.end.get();
        socket.wire = null;
        recycled.add(wire);
    }

    private void read() {
        final Wire[] wires = new Wire[cycles];
        for (int count = 0; count < cycles; ) {
            final Wire wire = recycled.poll();
            if (wire == null) {
                Thread.yield();
                continue;
            }
            check(wire);
            wires[count++] = wire;
        }
        for (final Wire wire : wires) {
            if (wire.end.get() != wire.endWhenRecycled) {
                faults.add("connection " + wire.number + " was written to after its close");
            }
        }
    }

    private void check(final Wire wire) {
        final long[] lastOfWriter = new long[WRITERS];
        Arrays.fill(lastOfWriter, -1);
        for (int i = 0; i < Math.min(wire.endWhenRecycled, wire.halves.length); i += 2) {
            final long message = wire.halves[i];
            final int sequence = (int) message;
            final int writer = sequence % WRITERS;
            if (wire.halves[i + 1] != ~message) {
                faults.add("connection " + wire.number + " got half a message");
            } else if ((int) (message >>> 32) != wire.number) {
                faults.add("connection " + wire.number + " got a message of " + (message >>> 32));
            } else if (lastOfWriter[writer] >= message) {
                faults.add("connection " + wire.number + " got a message of writer " + writer + " out of order");
            }
            lastOfWriter[writer] = message;
            delivered++;
        }
    }
}
