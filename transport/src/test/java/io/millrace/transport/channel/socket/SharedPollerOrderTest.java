package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a sleeper finds that looks at the very moment it is woken: the poller's steps in their order, on one thread. A
 * sleeper so fast is rare, and without the order it sleeps for ever.
 */
@Timeout(20)
class SharedPollerOrderTest {
    /** Never sleeps; when it is woken it notes what there is to see. */
    private static final class Sleeper implements Parker {
        private final List<Object> seen = new ArrayList<>();
        private Supplier<Object> look = () -> "nothing";

        @Override
        public void park(final long maxNs) {}

        @Override
        public void unpark() {
            seen.add(look.get());
        }
    }

    private final Sleeper sleeper = new Sleeper();
    private Selector selector;
    private SharedPoller poller;
    private Pipe pipe;
    private PolledParker parker;
    private SelectionKey key;

    @BeforeEach
    void register() throws IOException {
        selector = Selector.open();
        poller = new SharedPoller(selector, 1);
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        parker = poller.tryOpen(sleeper);
        parker.watch(pipe.source());
        key = pipe.source().keyFor(selector);
    }

    @AfterEach
    void close() throws IOException {
        pipe.sink().close();
        pipe.source().close();
        selector.close();
    }

    private Watch watch() {
        return (Watch) key.attachment();
    }

    private void becomeReady() throws IOException {
        pipe.sink().write(ByteBuffer.allocate(1));
    }

    /** Told first; then, as it does not come back, with its flag clear. */
    @Test
    void shouldFindItsFlagClearWhenItsSocketIsDisarmed() throws IOException {
        sleeper.look = () -> List.of(watch().told(), watch().disarm(0));
        parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        becomeReady();
        assertTrue(poller.poll());
        assertEquals(
                List.of(List.of(SelectionKey.OP_READ, SelectionKey.OP_READ), List.of(SelectionKey.OP_READ, 0)),
                sleeper.seen,
                "woken last with its flag still set: it would not arm its socket, and sleep for ever");
    }

    @Test
    void shouldFindItsSocketDisarmedWhenWokenLast() throws IOException {
        sleeper.look = () -> key.interestOps();
        parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        becomeReady();
        assertTrue(poller.poll());
        assertEquals(
                List.of(SelectionKey.OP_READ, 0),
                sleeper.seen,
                "woken last, and the socket still armed: what it arms now would be undone");
    }

    @Test
    void shouldStayArmedWhenItsThreadSleepsAgainAtOnce() throws IOException {
        sleeper.look = () -> {
            parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            return "back";
        };
        parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        becomeReady();
        assertTrue(poller.poll());
        assertEquals(List.of("back"), sleeper.seen);
        assertEquals(SelectionKey.OP_READ, key.interestOps());
    }

    @Test
    void shouldBeDisarmedWhenItsThreadSleepsForSomethingElse() throws IOException {
        sleeper.look = () -> {
            parker.park(0, Long.MAX_VALUE);
            return "elsewhere";
        };
        parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        becomeReady();
        assertTrue(poller.poll());
        assertEquals(List.of("elsewhere", "elsewhere"), sleeper.seen);
        assertEquals(0, key.interestOps(), "the poller would spin on it");
    }

    /** A socket that is armed though its flag is clear is only polled once too often; the other way it is lost. */
    @Test
    void shouldArmItsSocketAnewWhenItWasWoken() throws IOException {
        for (int i = 1; i <= 3; i++) {
            parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            assertEquals(SelectionKey.OP_READ, key.interestOps(), "sleeps, and its socket is not armed: turn=" + i);
            becomeReady();
            assertTrue(poller.poll());
            assertEquals(2 * i, sleeper.seen.size(), "not woken, or not again when disarmed: turn=" + i);
        }
    }

    /** It may have seen the alarm still set, and set none. */
    @Test
    void shouldFindItsAlarmClearWhenWokenByIt() throws Exception {
        final long longAgoNs = System.nanoTime() - 1;
        sleeper.look = () -> {
            final boolean clear = !watch().dropAlarm();
            poller.setAlarm(watch(), longAgoNs);
            return clear;
        };
        poller.setAlarm(watch(), longAgoNs);
        assertTrue(poller.poll(), "takes the alarm");
        assertTrue(poller.poll(), "rings it");
        assertEquals(
                List.of(true), sleeper.seen, "woken, and the alarm still set: it would set none, and sleep for ever");
    }

    @Test
    void shouldFindOutWhyThePollerEndedWhenWoken() {
        sleeper.look = () -> assertThrows(
                        UncheckedIOException.class, poller::check, "woken by the end, and not told why: it sleeps on")
                .getMessage();
        poller.end("pulled", new IOException("plug"));
        assertEquals(1, sleeper.seen.size(), "asleep, and not woken by the poller's end");
        assertTrue(sleeper.seen.get(0).toString().contains("pulled"), () -> "" + sleeper.seen);
    }

    @Test
    void shouldNotGoToSleepWhenThePollerHasEnded() throws IOException {
        parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        poller.end("pulled", new IOException("plug"));
        assertThrows(
                UncheckedIOException.class,
                () -> parker.park(SelectionKey.OP_READ, Long.MAX_VALUE),
                "goes to sleep on a poller that has ended, with its socket armed");
        assertThrows(
                UncheckedIOException.class,
                () -> parker.park(0, Long.MAX_VALUE),
                "goes to sleep on a poller that has ended, waiting for no socket");
    }
}
