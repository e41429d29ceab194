package io.millrace.transport.websocket;

import io.millrace.ring.BroadcastHandler;
import io.millrace.ring.BroadcastReader;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.SlowConsumerPolicy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** One WebSocket's reading of a broadcast: frames go from one ring into the other as they are. The connection's thread. */
final class Subscription implements BroadcastHandler, BroadcastWaker.Reader {
    private static final int RECORDS_PER_TURN = 64;

    private final WebSocketBroadcast broadcast;
    private final BroadcastReader reader;
    private final Conversation.Link link;
    private final Conversation.MessageLane lane;
    private final AtomicLong missed;

    /** The frame that found no room, in the reader's copy; length 0 for none. */
    private ByteBuffer pending;

    private int pendingOffset;
    private int pendingLength;

    /** Records of the broadcast up to which nothing is left to be read. */
    private final AtomicLong read = new AtomicLong();

    Subscription(
            final WebSocketBroadcast broadcast,
            final BroadcastReader reader,
            final Conversation.Link link,
            final AtomicLong missed) {
        this.broadcast = broadcast;
        this.reader = reader;
        this.link = link;
        this.missed = missed;
        lane = link.lane(FrameForms.ENCODED);
    }

    boolean isOf(final WebSocketBroadcast other) {
        return broadcast.equals(other);
    }

    /** Moves frames on; returns how many. */
    int poll() {
        final long published = broadcast.published();
        int work = 0;
        while (work < RECORDS_PER_TURN && next()) {
            work++;
        }
        if (work < RECORDS_PER_TURN && pendingLength == 0) {
            read.setOpaque(published);
        }
        return work;
    }

    @Override
    public boolean hasRead(final long records) {
        return read.getOpaque() >= records;
    }

    /** One by one: behind a frame that finds no room nothing may be read into the reader's copy. */
    private boolean next() {
        if (pendingLength > 0) {
            final int length = pendingLength;
            pendingLength = 0;
            onRecord(pending, pendingOffset, length);
            if (pendingLength > 0 && reader.isOvertaken()) {
                disconnect("overtaken by a broadcast while a message waits: length=" + length);
            }
            return pendingLength == 0;
        }
        return reader.read(this, 1) > 0;
    }

    /** What waits for room hears of it otherwise. */
    boolean needsTurn() {
        return pendingLength == 0 && reader.hasNext();
    }

    @Override
    public void onRecord(final ByteBuffer buffer, final int offset, final int length) {
        final long result = lane.offer(buffer, offset, length);
        if (result == Connection.BACK_PRESSURED || result == Connection.ADMIN_ACTION) {
            pending = buffer;
            pendingOffset = offset;
            pendingLength = length;
        } else if (result == Connection.DROPPED) {
            missed.incrementAndGet();
        }
    }

    @Override
    public void onMissed(final long records, final long bytes) {
        missed.addAndGet(records);
        disconnect("overtaken by a broadcast: missed=" + records + " bytes=" + bytes);
    }

    /** Ends the connection if that is its policy. */
    private void disconnect(final String detail) {
        if (link.slowConsumerPolicy() == SlowConsumerPolicy.DISCONNECT) {
            throw new ProtocolException(CloseReason.SLOW_CONSUMER, detail);
        }
    }

    /** Another thread reads from here on. */
    void attach() {
        reader.attach();
    }

    /** The WebSocket is over. */
    void leave() {
        broadcast.remove(this);
    }

    @Override
    public void wake() {
        link.wake();
    }
}
