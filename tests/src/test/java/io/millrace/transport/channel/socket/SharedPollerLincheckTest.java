package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.channel.socket.PollerTwin.Fault;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The shared poller's wake-ups under a model checker, which looks for a schedule in which all threads sleep. The
 * selector, and what threads sleep on, are models. Each twin with a fault has to be caught by a play.
 *
 * <p>Not on JDK 25, where Lincheck transforms classes anew for each of the thousands of invocations: after six minutes the
 * first of ten tests was not done, and 17 needs half a minute for all. What is checked does not depend on the JDK.
 */
@EnabledForJreRange(maxVersion = 24, disabledReason = "Lincheck takes too long on it")
class SharedPollerLincheckTest {
    private static final int INVOCATIONS = 1_000;
    private static final int HAND_OVERS = 5_000;
    /** Of the twin that has no fault, and is only to show that the others are caught for theirs. */
    private static final int FEW = 250;
    /** Of the real poller, where none ends the search early. */
    private static final int REAL_HAND_OVERS = 500 * Integer.getInteger("millrace.lincheck.iterations", 2);

    private static final int MESSAGES = 2;

    private interface Maker extends BiFunction<ModelSelector, ModelSocket, PollerUnderTest> {}

    /**
     * The sleeper takes all messages, of which each comes when the one before is taken; the poller, told to before, ends
     * when the sleeper is done.
     */
    private static void deliver(final Maker maker) {
        final ModelSelector selector = new ModelSelector();
        final ModelSocket socket = new ModelSocket(selector);
        final PollerUnderTest poller = maker.apply(selector, socket);
        final Thread peer = new Thread(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                while (socket.readyOps() != 0) {
                    Thread.onSpinWait();
                }
                socket.put();
            }
        });
        final Thread sleeping = new Thread(() -> take(poller, socket, MESSAGES));
        poller.closePoller();
        peer.start();
        sleeping.start();
        while (poller.poll()) {
            Thread.onSpinWait();
        }
        join(peer);
        join(sleeping);
    }

    /**
     * Begins in the middle: the first message is there, and its sleeper, awake by another's permit, has armed the
     * socket. The faults that show here need many more switches from the start.
     */
    private static void handOver(final Maker maker) {
        final ModelSelector selector = new ModelSelector();
        final ModelSocket socket = new ModelSocket(selector);
        final PollerUnderTest poller = maker.apply(selector, socket);
        poller.unpark();
        poller.park();
        socket.put();
        poller.closePoller();
        final Thread peer = new Thread(socket::put);
        final Thread sleeping = new Thread(() -> take(poller, socket, MESSAGES));
        sleeping.start();
        peer.start();
        while (poller.poll()) {
            Thread.onSpinWait();
        }
        join(peer);
        join(sleeping);
    }

    /** Begins where the poller disarms a socket whose thread has taken all, and is about to sleep again. */
    private static void disarm(final Maker maker) {
        final ModelSelector selector = new ModelSelector();
        final ModelSocket socket = new ModelSocket(selector);
        final PollerUnderTest poller = maker.apply(selector, socket);
        poller.unpark();
        poller.park();
        poller.closePoller();
        final Thread peer = new Thread(socket::put);
        final Thread sleeping = new Thread(() -> take(poller, socket, 1));
        sleeping.start();
        peer.start();
        poller.disarm();
        while (poller.poll()) {
            Thread.onSpinWait();
        }
        join(peer);
        join(sleeping);
    }

    private static void take(final PollerUnderTest poller, final ModelSocket socket, final int messages) {
        for (int i = 0; i < messages; i++) {
            while (!socket.take()) {
                poller.park();
            }
        }
        poller.close();
    }

    /** The poller fails while its sleeper may be anywhere; that has to find out. */
    private static void fail(final Maker maker) {
        final ModelSelector selector = new ModelSelector();
        final ModelSocket socket = new ModelSocket(selector);
        final PollerUnderTest poller = maker.apply(selector, socket);
        final Thread sleeping = new Thread(() -> {
            try {
                while (true) {
                    poller.park();
                }
            } catch (final UncheckedIOException ex) {
                socket.put();
            }
        });
        sleeping.start();
        poller.fail();
        join(sleeping);
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static void check(final Maker maker, final int handOvers, final int others) {
        Lincheck.runConcurrentTest(handOvers, () -> disarm(maker));
        Lincheck.runConcurrentTest(handOvers, () -> handOver(maker));
        Lincheck.runConcurrentTest(others, () -> deliver(maker));
        Lincheck.runConcurrentTest(others, () -> fail(maker));
    }

    @Test
    void shouldLoseNoWakeUpHoweverItsThreadsAreInterleaved() {
        check(PollerUnderTest.Real::new, REAL_HAND_OVERS, REAL_HAND_OVERS / 4);
    }

    @Test
    void shouldFindNoFaultInTheTwinWithout() {
        check((selector, socket) -> new PollerTwin(Fault.NONE, selector, socket), FEW, FEW);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "TELLS_NOBODY_OF_ITS_END", "UNPARKS_BEFORE_IT_SAYS_WHY"})
    void shouldCatchATwinWithAFault(final Fault fault) {
        assertThrows(
                LincheckAssertionError.class,
                () -> check((selector, socket) -> new PollerTwin(fault, selector, socket), HAND_OVERS, INVOCATIONS));
    }

    /** In the one play where the poller ends: the others would take a minute to find nothing. */
    @ParameterizedTest
    @EnumSource(names = {"TELLS_NOBODY_OF_ITS_END", "UNPARKS_BEFORE_IT_SAYS_WHY"})
    void shouldCatchATwinThatEndsWrongly(final Fault fault) {
        assertThrows(
                LincheckAssertionError.class,
                () -> Lincheck.runConcurrentTest(
                        INVOCATIONS, () -> fail((selector, socket) -> new PollerTwin(fault, selector, socket))));
    }
}
