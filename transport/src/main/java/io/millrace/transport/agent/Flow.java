package io.millrace.transport.agent;

import io.millrace.transport.event.FlightRecord;

/**
 * Tells senders that there is room again, once after any of them found none, and how long they have been waiting. Level
 * triggered: it looks at the word that senders left and at the room, not at what was sent in between. The connection's
 * thread.
 *
 * <p>Room is told only if the ring has moved on since the last time, or is empty: a sender that wants more than there is
 * would else be told over and over.
 */
final class Flow {
    private static final long NEVER = -1;

    private final SendLane lane;
    private final Timers timers;
    private final FlightRecord record;
    private long toldAt = NEVER;
    private boolean starving;

    Flow(final SendLane lane, final Timers timers, final FlightRecord record) {
        this.lane = lane;
        this.timers = timers;
        this.record = record;
    }

    /** Whether senders are to be told now. Then {@link #tell}. */
    boolean isDue() {
        return lane.isRoomWanted() && hasRoom();
    }

    /** Whether a turn has something to do here. */
    boolean needsTurn() {
        return lane.isRoomWanted() && (!starving || hasRoom());
    }

    private boolean hasRoom() {
        final RingCell rings = lane.rings();
        return rings.isRoomy() && (rings.isEmpty() || rings.consumerPosition() != toldAt);
    }

    void tell() {
        toldAt = lane.rings().consumerPosition();
        starving = false;
        timers.slowConsumerEnds();
        record.backPressureEnds();
        lane.tellRoom();
    }

    /** Notes that senders wait and there is no room. */
    void watch() {
        if (!starving && lane.isRoomWanted()) {
            starving = true;
            // The event is no shorter than what the timer finds.
            record.backPressureBegins();
            timers.slowConsumerBegins();
        }
    }
}
