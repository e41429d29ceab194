package io.millrace.transport.agent;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two messages through the gate against its closing: whoever closes counts what was accepted. */
@JCStressTest
@Outcome(
        id = {"0, 0", "1, 1", "2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "all that was accepted")
@Outcome(expect = Expect.FORBIDDEN, desc = "the closer has missed a sender")
@State
public class GateEnterStress {
    private final SenderGate gate = new SenderGate(() -> null);

    /** Opens the gate. */
    public GateEnterStress() {
        gate.open();
    }

    /** Sends twice: the first time makes the place, with fences of its own. */
    @Actor
    public void sender(final II_Result result) {
        int accepted = 0;
        for (int i = 0; i < 2; i++) {
            final SenderSlot slot = gate.enter();
            if (slot != null) {
                slot.leave(1, 1);
                accepted++;
            }
        }
        result.r1 = accepted;
    }

    /** Closes, waits until all are out, and counts. */
    @Actor
    public void closer(final II_Result result) {
        gate.close();
        while (!gate.isLeft()) {
            Thread.onSpinWait();
        }
        result.r2 = (int) gate.accepted();
    }
}
