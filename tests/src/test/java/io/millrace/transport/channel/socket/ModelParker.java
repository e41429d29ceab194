package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes by a permit and by nothing else: an early return, which a real one may have, would hide a lost wake-up. */
final class ModelParker implements Parker {
    private final AtomicBoolean permit = new AtomicBoolean();

    @Override
    public void park(final long maxNs) {
        while (!permit.compareAndSet(true, false)) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void unpark() {
        permit.set(true);
    }
}
