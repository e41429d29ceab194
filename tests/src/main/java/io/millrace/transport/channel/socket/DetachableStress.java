package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.SocketParker;
import java.nio.channels.SelectableChannel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A thread opens its selector while another wakes it: the waker finds the selector, or the thread the permit. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "found the permit")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "found the permit, and is woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "sleeps, and is woken")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "sleeps, and is not woken")
@State
public class DetachableStress {
    private final Selector selector = new Selector();
    private final DetachableParker parker = new DetachableParker(thread -> null, () -> selector);

    /** Sleeps for the first time. */
    @Actor
    public void sleeper() {
        parker.park(0, Long.MAX_VALUE);
    }

    /** Wakes it. */
    @Actor
    public void waker() {
        parker.unpark();
    }

    /** Looks what became of it. */
    @Arbiter
    public void look(final II_Result result) {
        result.r1 = selector.slept;
        result.r2 = selector.woken;
    }

    private static final class Selector implements SocketParker {
        private int slept;
        private int woken;

        @Override
        public void watch(final SelectableChannel socket) {}

        @Override
        public void park(final int operations, final long maxNs) {
            slept = 1;
        }

        @Override
        public boolean mayBeReady() {
            return true;
        }

        @Override
        public void unpark() {
            woken = 1;
        }

        @Override
        public void close() {}
    }
}
