package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.RecordHandler;
import io.millrace.transport.MessageHandler;
import io.millrace.transport.Waiting;
import java.nio.ByteBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * The end of a {@link PullLane} that the application's thread holds. One thread, which is asserted; another one only once
 * that has died. Nothing is allocated in a poll.
 */
final class Puller {
    private final PullLane lane;
    private final NanoClock clock;
    private final Rest rest;
    private final RecordHandler records = this::onRecord;
    private MessageHandler handler;
    private boolean polling;
    private Thread owner;

    /** Made for the thread that waits, and made again if another one does. */
    private IdleStrategy idle;

    private Thread idler;
    private long startNs;
    private long timeoutNs;

    /**
     * Makes an end.
     *
     * @param lane     to pull from.
     * @param doorbell that the lane rings.
     * @param clock    for the time that a poll may wait.
     * @param waiting  how it waits.
     */
    Puller(final PullLane lane, final Doorbell doorbell, final NanoClock clock, final Waiting waiting) {
        this.lane = lane;
        this.clock = clock;
        rest = new Rest(waiting, doorbell, this::mayParkNs);
    }

    int poll(final MessageHandler newHandler, final int limit) {
        assert isOwner() : notOwner();
        if (limit < 1) {
            throw new IllegalArgumentException("must be at least 1: limit=" + limit);
        }
        if (polling) {
            throw new IllegalStateException("a handler must not poll the connection that calls it");
        }
        polling = true;
        handler = newHandler;
        try {
            return lane.read(records, limit);
        } finally {
            polling = false;
        }
    }

    private void onRecord(final ByteBuffer buffer, final int offset, final int length) {
        handler.onMessage(buffer, offset, PullLane.lengthOf(length));
    }

    int poll(final MessageHandler newHandler, final int limit, final long newTimeoutNs) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int messages = poll(newHandler, limit);
        if (messages != 0 || newTimeoutNs <= 0) {
            return messages;
        }
        startNs = clock.nanoTime();
        timeoutNs = newTimeoutNs;
        if (idler != Thread.currentThread()) {
            idler = Thread.currentThread();
            idle = rest.onThisThread();
        }
        try {
            while (messages == 0 && leftNs() > 0) {
                idle.idle();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                messages = poll(newHandler, limit);
            }
            return messages;
        } finally {
            idle.reset();
        }
    }

    private long leftNs() {
        return timeoutNs - (clock.nanoTime() - startNs);
    }

    private long mayParkNs() {
        return lane.isWaitedFor() ? leftNs() : 0;
    }

    private boolean isOwner() {
        final Thread current = Thread.currentThread();
        if (owner == null || !owner.isAlive()) {
            owner = current;
        }
        return owner == current;
    }

    private String notOwner() {
        return "one thread pulls a connection: owner=" + owner.getName() + " puller="
                + Thread.currentThread().getName();
    }
}
