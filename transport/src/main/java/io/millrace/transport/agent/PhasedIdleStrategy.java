package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Goes straight to sleep while nobody's message is on its way, as in a handshake, where the peer takes a hundred times what a wake-up
 * costs and wants this core for it; else idles as another strategy does. One thread.
 */
final class PhasedIdleStrategy implements IdleStrategy {
    private final IdleStrategy hurried;
    private final BooleanSupplier hurries;
    private final Doorbell doorbell;
    private final LongSupplier mayParkNs;

    PhasedIdleStrategy(
            final IdleStrategy hurried,
            final BooleanSupplier hurries,
            final Doorbell doorbell,
            final LongSupplier mayParkNs) {
        this.hurried = hurried;
        this.hurries = hurries;
        this.doorbell = doorbell;
        this.mayParkNs = mayParkNs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            hurried.idle(workCount);
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (hurries.getAsBoolean()) {
            hurried.idle();
        } else {
            hurried.reset();
            doorbell.sleep(mayParkNs);
        }
    }

    @Override
    public void reset() {
        hurried.reset();
    }

    @Override
    public String alias() {
        return "phased-" + hurried.alias();
    }
}
