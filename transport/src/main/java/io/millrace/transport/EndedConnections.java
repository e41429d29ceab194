package io.millrace.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Adds up the counters of living and ended connections, each exactly once, at whatever moment it is asked. Nobody writes
 * here for a message: a connection's counts are folded in when it ends.
 *
 * <p>A connection that ends is folded in first, then leaves the living, and is forgotten then: each fold and each forgetting
 * makes a new {@code Ended}. A reader looks at that before and after it looks at the living. If it is the same, then
 * whoever had been folded in by then was either named as leaving, and is left out of the living, or had left them; and
 * whoever had not, was still among them.
 *
 * <p>Progress: lock-free. A reader tries again only when a connection ended meanwhile, and waits for none.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>ended: ending connections, by compare-and-set, after their last count; readers, volatile.
 * </ul>
 */
final class EndedConnections {
    /** Not a record: two of them are the same only if they are one. */
    private static final class Ended {
        private final ConnectionTotals totals;
        private final List<ConnectionCounters> leaving;

        Ended(final ConnectionTotals totals, final List<ConnectionCounters> leaving) {
            this.totals = totals;
            this.leaving = leaving;
        }

        Ended folded(final ConnectionCounters last) {
            final List<ConnectionCounters> more = new ArrayList<>(leaving);
            more.add(last);
            return new Ended(totals.plus(last), more);
        }

        Ended forgotten(final ConnectionCounters last) {
            final List<ConnectionCounters> fewer = new ArrayList<>(leaving);
            fewer.removeIf(counters -> counters == last);
            return new Ended(totals, fewer);
        }

        ConnectionTotals plusLiving(final Collection<? extends ConnectionCounters> living) {
            return totals.plusAll(living.stream()
                    .filter(one -> leaving.stream().noneMatch(other -> other == one))
                    .toList());
        }
    }

    private final AtomicReference<Ended> ended = new AtomicReference<>(new Ended(ConnectionTotals.NONE, List.of()));
    private final Supplier<? extends Collection<? extends ConnectionCounters>> living;

    EndedConnections(final Supplier<? extends Collection<? extends ConnectionCounters>> living) {
        this.living = living;
    }

    void end(final ConnectionCounters last, final Runnable leave) {
        ended.updateAndGet(now -> now.folded(last));
        try {
            leave.run();
        } finally {
            ended.updateAndGet(now -> now.forgotten(last));
        }
    }

    /** Connections that are folded in and may still be among the living. */
    int leaving() {
        return ended.get().leaving.size();
    }

    ConnectionTotals totals() {
        while (true) {
            final Ended before = ended.get();
            final Collection<? extends ConnectionCounters> now = living.get();
            if (ended.get() == before) {
                return before.plusLiving(now);
            }
        }
    }
}
