package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.HandlePool;
import io.millrace.session.StateCell;
import io.millrace.session.StateEdges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** FAULTS 2: a writer that meets a close must neither crash nor write to whoever comes next. */
class CloseDuringWriteTest {
    private static final int CYCLES = Integer.getInteger("millrace.close.cycles", 100_000);

    private enum Phase {
        OPEN,
        CLOSED
    }

    /** All there is to know about a connection, in one value. */
    private record Connected(Phase phase, String protocol, long socket) {}

    private static final StateEdges<Connected, Phase> EDGES =
            StateEdges.by(Phase.class, Connected::phase).edge(Phase.OPEN, Phase.CLOSED);

    /** A socket that is used again for another peer; counts what each peer got. */
    private static final class Socket {
        private volatile int peer;
        private final AtomicLong written = new AtomicLong();

        void open(final int forPeer) {
            peer = forPeer;
            written.set(0);
        }
    }

    /** Something to write to, in two steps, so that a schedule can come between them. */
    private interface Connection {
        /** What a writer gets hold of before it writes. */
        Object load();

        /** Writes with what was loaded: whether it was accepted. */
        boolean write(Object loaded, int bytes);

        void close();
    }

    private static final HandlePool<Socket> POOL = new HandlePool<>(1, Socket::new, socket -> socket.written.set(0));

    /** One load of one immutable state, and a handle that dies with the connection. */
    private static final class Repaired implements Connection {
        private final HandlePool<Socket> pool;
        private final StateCell<Connected> state;

        Repaired(final HandlePool<Socket> pool, final int peer) {
            this.pool = pool;
            final long handle = pool.acquire();
            final Socket socket = pool.pin(handle);
            socket.open(peer);
            pool.unpin(handle);
            state = new StateCell<>(new Connected(Phase.OPEN, "tls", handle), EDGES);
        }

        @Override
        public Object load() {
            return state.value();
        }

        @Override
        public boolean write(final Object loaded, final int bytes) {
            final Connected connected = (Connected) loaded;
            final Socket socket = connected.phase() == Phase.OPEN ? pool.pin(connected.socket()) : null;
            if (socket == null) {
                return false;
            }
            try {
                assertEquals(3, connected.protocol().length());
                socket.written.addAndGet(bytes);
                return true;
            } finally {
                pool.unpin(connected.socket());
            }
        }

        @Override
        public void close() {
            final Connected open = state.value();
            if (open.phase() == Phase.OPEN
                    && state.compareAndSet(open, new Connected(Phase.CLOSED, open.protocol(), open.socket()))) {
                pool.release(open.socket());
            }
        }
    }

    /** The faulty design as it was first: close() clears a field between another thread's load and use. */
    private static final class Unchecked implements Connection {
        private String protocol = "tls";

        @Override
        public Object load() {
            return this;
        }

        @Override
        public boolean write(final Object loaded, final int bytes) {
            return protocol.length() == 3;
        }

        @Override
        public void close() {
            protocol = null;
        }
    }

    /** The faulty design with the null check that was added: the socket goes back to its pool under a writer's hands. */
    private static final class NullChecked implements Connection {
        private final Deque<Socket> pool;
        private volatile Socket socket;

        NullChecked(final Deque<Socket> pool, final int peer) {
            this.pool = pool;
            socket = pool.pop();
            socket.open(peer);
        }

        @Override
        public Object load() {
            return socket;
        }

        @Override
        public boolean write(final Object loaded, final int bytes) {
            if (loaded == null) {
                return false;
            }
            ((Socket) loaded).written.addAndGet(bytes);
            return true;
        }

        @Override
        public void close() {
            final Socket closed = socket;
            socket = null;
            pool.push(closed);
        }
    }

    @Test
    void shouldAnswerClosedWhenStateWasLoadedBeforeTheClose() {
        final Connection connection = new Repaired(new HandlePool<>(1, Socket::new, socket -> {}), 1);
        final Object loaded = connection.load();

        connection.close();

        assertFalse(connection.write(loaded, 10));
        assertFalse(connection.write(connection.load(), 10));
    }

    @Test
    void shouldCatchTheFaultyTwinWhenFieldIsClearedUnderTheWriter() {
        final Connection connection = new Unchecked();
        final Object loaded = connection.load();

        connection.close();

        assertThrows(NullPointerException.class, () -> connection.write(loaded, 10));
    }

    @Test
    void shouldWriteNothingToTheNextPeerWhenSocketIsUsedAgain() {
        final Connection first = new Repaired(POOL, 1);
        final Object loaded = first.load();
        first.close();
        final Repaired second = new Repaired(POOL, 2);

        assertFalse(first.write(loaded, 10));

        final long handle = second.state.value().socket();
        final Socket socket = POOL.pin(handle);
        assertEquals(2, socket.peer);
        assertEquals(0, socket.written.get());
        POOL.unpin(handle);
        second.close();
    }

    @Test
    void shouldCatchTheFaultyTwinWhenSocketIsUsedAgain() {
        final Deque<Socket> pool = new ArrayDeque<>(List.of(new Socket()));
        final Connection first = new NullChecked(pool, 1);
        final Object loaded = first.load();
        first.close();
        final NullChecked second = new NullChecked(pool, 2);

        assertTrue(first.write(loaded, 10));

        assertEquals(10, second.socket.written.get(), "the stale writer's bytes, at another peer");
    }

    @Test
    void shouldDeliverWholeAndInOrderWhenWritersRaceWithTheClose() {
        final CloseRace race = new CloseRace(CYCLES, true);

        race.run();

        assertEquals(List.of(), race.faults());
        assertTrue(race.delivered() >= CYCLES, "messages delivered: " + race.delivered());
    }

    @Test
    void shouldCatchTheFaultyTwinWhenWritersRaceWithTheClose() {
        final CloseRace race = new CloseRace(5_000, false);

        race.run();

        assertFalse(race.faults().isEmpty());
    }
}
