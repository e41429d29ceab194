package io.millrace.transport.agent;

import io.millrace.ring.ThreadParker;
import io.millrace.session.SnapshotSet;
import java.util.List;

/**
 * The word that senders leave on all lanes of one connection when they find no room.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>wanted: a sender that found no room writes true (volatile), then reads whether the consumer sleeps. The
 *       consumer says that it sleeps, then reads wanted (both volatile). So one of the two sees the other, and the
 *       consumer, which looks at the flag and at the room in every turn and once more before it sleeps, cannot sleep while
 *       there is both room and somebody who wants it: however late the sender is with its word.
 *   <li>A sender that finds the flag set need not set it, nor wake the consumer, which looks at the flag after whoever set it has
 *       rung: a consumer that waits for the peer to make room would else be woken in vain by each refusal. The consumer
 *       clears it before it tells anybody, so that whoever is told offers after the clearing, and finding no room, sets it again.
 *   <li>waiters: a blocked sender joins them before the offer that leaves word; the consumer reads them after it read the
 *       flag, which so carries them.
 * </ul>
 */
final class RoomWord {
    private final SnapshotSet<ThreadParker> waiters = new SnapshotSet<>();
    private volatile boolean wanted;

    /** A sender's; whether the doorbell is to be rung after it. */
    boolean leave() {
        if (wanted) {
            return false;
        }
        wanted = true;
        return true;
    }

    /** The consumer's. */
    boolean isLeft() {
        return wanted;
    }

    /** The consumer's: clears the word and lets blocked senders try again. */
    void answer() {
        wanted = false;
        wakeWaiters();
    }

    /** Lets blocked senders look again. */
    void wakeWaiters() {
        final List<ThreadParker> blocked = waiters.snapshot();
        for (int i = 0; i < blocked.size(); i++) {
            blocked.get(i).unpark();
        }
    }

    void join(final ThreadParker waiter) {
        waiters.add(waiter);
    }

    void part(final ThreadParker waiter) {
        waiters.remove(waiter);
    }
}
