package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/**
 * Two senders at a {@link SenderGate} and one that closes it, under a model checker: what the closer counts once all have
 * left is what senders were told was accepted. That memory is ordered is what jcstress looks at.
 *
 * <p>Not on JDK 25, where Lincheck transforms classes anew for each of the thousands of invocations. What is checked does not
 * depend on the JDK.
 */
@EnabledForJreRange(maxVersion = 24, disabledReason = "Lincheck takes too long on it")
class SenderGateLincheckTest {
    private static final int INVOCATIONS = 250 * CellPositions.ITERATIONS;

    private static final class Sender {
        private int accepted;

        private void send(final SenderGate gate) {
            final SenderSlot slot = gate.enter();
            if (slot != null) {
                accepted++;
                slot.leave(1, 1);
            }
        }
    }

    private static void play() {
        final Sender first = new Sender();
        final Sender second = new Sender();
        final SenderGate gate = new SenderGate(() -> null);
        gate.open();
        final Thread one = new Thread(() -> first.send(gate));
        final Thread other = new Thread(() -> second.send(gate));
        one.start();
        other.start();
        gate.close();
        while (!gate.isLeft()) {
            Thread.onSpinWait();
        }
        final long counted = gate.accepted();
        join(one);
        join(other);
        assertEquals(first.accepted + second.accepted, counted);
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldCountAllThatWasAcceptedOnceAllHaveLeft() {
        Lincheck.runConcurrentTest(INVOCATIONS, SenderGateLincheckTest::play);
    }
}
