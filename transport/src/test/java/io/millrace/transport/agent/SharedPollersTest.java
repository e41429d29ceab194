package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.socket.PolledParker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedPollersTest {
    private static final long END_MS = TimeUnit.SECONDS.toMillis(30);

    private final List<Thread> threads = new ArrayList<>();

    private SharedPollers pollers(final boolean endsWithLast) {
        return new SharedPollers(
                target -> {
                    final Thread thread = new Thread(target);
                    threads.add(thread);
                    return thread;
                },
                endsWithLast);
    }

    private void assertEnds(final int thread) throws InterruptedException {
        threads.get(thread).join(END_MS);
        assertFalse(threads.get(thread).isAlive());
    }

    /** So that a process ends with its last connection, though nobody has closed the transport. */
    @Test
    void shouldEndThePollerWithItsLastSocketAndOpenAnotherForTheNext() throws Exception {
        final SharedPollers pollers = pollers(true);
        final PolledParker first = pollers.open(new ThreadParker());
        final PolledParker second = pollers.open(new ThreadParker());
        first.close();
        assertEquals(1, threads.size());
        assertTrue(threads.get(0).isAlive());
        second.close();
        assertEnds(0);
        pollers.open(new ThreadParker()).close();
        assertEquals(2, threads.size());
        assertEnds(1);
    }

    @Test
    void shouldKeepThePollerWithoutSocketsUntilClosed() throws Exception {
        final SharedPollers pollers = pollers(false);
        pollers.open(new ThreadParker()).close();
        final PolledParker last = pollers.open(new ThreadParker());
        assertEquals(1, threads.size());
        pollers.close();
        assertTrue(threads.get(0).isAlive(), "with a socket");
        last.close();
        assertEnds(0);
        assertThrows(IOException.class, () -> pollers.open(new ThreadParker()));
    }

    @Test
    void shouldTryAgainWhenThePollerGotNoThread() throws Exception {
        final List<Thread> made = new ArrayList<>();
        final SharedPollers pollers = new SharedPollers(
                target -> {
                    made.add(made.isEmpty() ? null : new Thread(target));
                    return made.get(made.size() - 1);
                },
                true);
        assertThrows(IllegalStateException.class, () -> pollers.open(new ThreadParker()));
        pollers.open(new ThreadParker()).close();
        made.get(1).join(END_MS);
        assertFalse(made.get(1).isAlive());
    }
}
