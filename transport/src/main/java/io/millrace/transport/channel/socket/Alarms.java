package io.millrace.transport.channel.socket;

import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/**
 * When a {@link SharedPoller} has to wake its sleepers at the latest. A virtual thread that parks for a time wakes the JDK's one
 * thread for delays, and wakes it again when it is unparked before: of a message that came after 100 ms of silence that was a
 * fifth of the CPU. So it parks for good; an alarm that is early enough stays as it is, however often its sleeper was awake
 * meanwhile, and the sleeper that it wakes too early sets the next one.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>A sleeper sets its alarm, then asks, unless it is asking already; the poller says that it has heard, then reads the
 *       alarm. So an alarm is read, or asked for again.
 *   <li>The poller clears an alarm, then leaves a permit: a sleeper that still finds it set will find the permit.
 * </ul>
 */
final class Alarms {
    private final AtomicReference<Watch> asking = new AtomicReference<>();
    private final TreeSet<Watch> known = new TreeSet<>((one, other) -> Long.signum(one.knownNs - other.knownNs));

    // ---- sleepers ----

    /** The sleeper wants to be woken by then: true if the poller has to hear of it. Lock-free. */
    boolean set(final Watch watch, final long timeNs) {
        return watch.advanceAlarm(timeNs) && ask(watch);
    }

    /** The sleeper is done with: true if the poller has to hear of it. Lock-free. */
    boolean drop(final Watch watch) {
        return watch.dropAlarm() && ask(watch);
    }

    private boolean ask(final Watch watch) {
        if (!watch.tryAsk()) {
            return false;
        }
        Watch first;
        do {
            first = asking.get();
            watch.next = first;
        } while (!asking.compareAndSet(first, watch));
        return true;
    }

    // ---- the poller ----

    /** The time of the first alarm; {@link Watch#NEVER} if there is none. */
    long firstNs() {
        Watch watch = asking.getAndSet(null);
        while (watch != null) {
            final Watch next = watch.next;
            watch.next = null;
            know(watch, watch.takeAlarm());
            watch = next;
        }
        return known.isEmpty() ? Watch.NEVER : known.first().knownNs;
    }

    private void know(final Watch watch, final long timeNs) {
        if (watch.knownNs != Watch.NEVER) {
            known.remove(watch);
        }
        watch.knownNs = timeNs;
        while (timeNs != Watch.NEVER && !known.add(watch)) {
            // Another has this nanosecond.
            watch.knownNs++;
        }
    }

    /** Wakes all whose time has come. */
    void ring(final long nowNs) {
        while (!known.isEmpty() && known.first().knownNs - nowNs <= 0) {
            final Watch watch = known.first();
            know(watch, Watch.NEVER);
            watch.ringAlarm();
        }
    }
}
