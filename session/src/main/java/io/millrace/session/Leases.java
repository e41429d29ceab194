package io.millrace.session;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.EpochClock;

/**
 * Leases by name: each held by one holder at most, until it is released or its time, by the registry's clock, is over.
 *
 * <p><b>Late.</b> A lease may be over by the time its holder acts on it, or even as it is handed out, if the thread stands
 * still for so long: no look at the clock in here could rule that out, for the thread may stand still behind that look, too. What is sure:
 * no two leases of a name overlap in time, and ids grow in the order in which leases are taken. So a holder compares
 * {@link Lease#expiresAtMs()} with the clock before it acts, with a margin for the act, and passes {@link Lease#id()} as a fencing
 * token to whatever may refuse those who come late.
 *
 * <p>A lease that is over stays in memory until its name is taken again or {@link Registry#expire()} is called.
 *
 * <p>Any thread; every method is lock-free.
 */
public final class Leases {
    private final AtomicReference<HashTrie<String, Lease>> held = new AtomicReference<>(HashTrie.empty());
    private final AtomicLong lastId = new AtomicLong();
    private final EpochClock clock;

    Leases(final EpochClock clock) {
        this.clock = clock;
    }

    /**
     * Takes a lease if nobody holds it.
     *
     * @param name       what it is about.
     * @param durationMs how long, in milliseconds, from a moment during this call: at least 1.
     * @return the lease, or null if somebody holds it.
     * @throws IllegalArgumentException if the duration is less than 1.
     */
    public Lease acquire(final String name, final long durationMs) {
        Objects.requireNonNull(name, "name");
        requireDuration(durationMs);
        while (true) {
            final HashTrie<String, Lease> before = held.get();
            final long nowMs = clock.time();
            if (isHeld(before.get(name), nowMs)) {
                return null;
            }
            // After the load: if nothing was changed since, no later id is out yet.
            final Lease lease = new Lease(name, lastId.incrementAndGet(), end(nowMs, durationMs));
            if (held.compareAndSet(before, before.with(name, lease))) {
                return lease;
            }
        }
    }

    /**
     * Gives a lease another end.
     *
     * @param lease      that is held.
     * @param durationMs how long, in milliseconds, from a moment during this call: at least 1. It may end earlier than it did, too.
     * @return the lease with its new end.
     * @throws IllegalStateException    if it is not held any more, or somebody else's: nothing changed.
     * @throws IllegalArgumentException if the duration is less than 1.
     */
    public Lease renew(final Lease lease, final long durationMs) {
        requireDuration(durationMs);
        while (true) {
            final HashTrie<String, Lease> before = held.get();
            final long nowMs = clock.time();
            requireHeld(before, lease, nowMs);
            final Lease renewed = new Lease(lease.name(), lease.id(), end(nowMs, durationMs));
            if (held.compareAndSet(before, before.with(lease.name(), renewed))) {
                return renewed;
            }
        }
    }

    /**
     * Gives a lease up.
     *
     * @param lease that is held.
     * @throws IllegalStateException if it is not held any more, or somebody else's: nothing changed.
     */
    public void release(final Lease lease) {
        while (true) {
            final HashTrie<String, Lease> before = held.get();
            requireHeld(before, lease, clock.time());
            if (held.compareAndSet(before, before.without(lease.name()))) {
                return;
            }
        }
    }

    /**
     * Who holds a lease.
     *
     * @param name what it is about.
     * @return the lease, or null if nobody holds it.
     */
    public Lease holder(final String name) {
        final Lease lease = held.get().get(Objects.requireNonNull(name, "name"));
        return isHeld(lease, clock.time()) ? lease : null;
    }

    /** Forgets leases whose time is over. */
    void expire() {
        final long nowMs = clock.time();
        held.get().forEach((name, lease) -> {
            if (!isHeld(lease, nowMs)) {
                held.updateAndGet(before -> lease.equals(before.get(name)) ? before.without(name) : before);
            }
        });
    }

    /** For debugging: counts, no names; leases that are over, and not forgotten yet, are counted, too. Wait-free. */
    @Override
    public String toString() {
        return "Leases count=" + held.get().size() + " lastId=" + lastId.get();
    }

    private static void requireHeld(final HashTrie<String, Lease> leases, final Lease lease, final long nowMs) {
        final Lease found = leases.get(lease.name());
        if (!isHeld(found, nowMs) || found.id() != lease.id()) {
            throw new IllegalStateException("lease not held: name=" + lease.name() + " id=" + lease.id() + " holder="
                    + (isHeld(found, nowMs) ? found.id() : "none"));
        }
    }

    private static boolean isHeld(final Lease lease, final long nowMs) {
        return lease != null && nowMs < lease.expiresAtMs();
    }

    private static void requireDuration(final long durationMs) {
        if (durationMs < 1) {
            throw new IllegalArgumentException("at least 1: durationMs=" + durationMs);
        }
    }

    private static long end(final long nowMs, final long durationMs) {
        final long endMs = nowMs + durationMs;
        return endMs < nowMs ? Long.MAX_VALUE : endMs;
    }
}
