package io.millrace.transport.websocket;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import io.millrace.session.SnapshotSet;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The last message against the end of who wakes its readers: whoever sees it, they are woken. */
@JCStressTest
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "closed before it was published")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "published, and woken for it")
@Outcome(expect = Expect.FORBIDDEN, desc = "nobody was woken")
@State
public class BroadcastEndStress {
    private static final int CAPACITY = 64;

    private final BroadcastRing ring = new BroadcastRing(CAPACITY, CAPACITY, Memory.HEAP);
    private final SnapshotSet<Sleeper> readers = new SnapshotSet<>();
    private final BroadcastWaker waker = new BroadcastWaker(ring, readers);
    private final Sleeper sleeper = new Sleeper();
    private final ByteBuffer message = ByteBuffer.allocate(1);

    /** With one reader. */
    public BroadcastEndStress() {
        readers.add(sleeper);
    }

    /** Publishes, and wakes by itself if nobody else does. */
    @Actor
    public void publisher(final ZZ_Result result) {
        result.r1 = ring.offer(message) > 0;
        if (result.r1 && !waker.tell()) {
            sleeper.wake();
        }
    }

    /** Ends, for the broadcast is closed. */
    @Actor
    public void waker() {
        ring.close();
        waker.run();
    }

    /** Whether the reader was woken. */
    @Arbiter
    public void reader(final ZZ_Result result) {
        result.r2 = sleeper.woken;
    }

    private static final class Sleeper implements BroadcastWaker.Reader {
        volatile boolean woken;

        @Override
        public boolean hasRead(final long records) {
            return false;
        }

        @Override
        public void wake() {
            woken = true;
        }
    }
}
