package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** The face of a connection whose engine carries messages, so that it has no protocol that could be switched. */
final class MessageConnection extends ConnectionFace {
    private final MessageLane lane;

    MessageConnection(
            final long id,
            final DrivingThread thread,
            final MessageLane lane,
            final Requests requests,
            final Lifecycle lifecycle,
            final ConnectionCounters counters,
            final Doorbell doorbell,
            final Puller puller) {
        super(id, thread, requests, lifecycle, counters, doorbell, puller);
        this.lane = lane;
    }

    @Override
    public long offer(final ByteBuffer buffer, final int offset, final int length) {
        checkRange(buffer, offset, length);
        return lane.offer(buffer, offset, length);
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        checkRange(buffer, offset, length);
        return lane.offer(buffer, offset, length);
    }

    @Override
    public long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        return lane.offer(pieces, offset, count);
    }

    @Override
    public long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        checkBatch(buffer, offset, lengths, count);
        return lane.offerBatch(buffer, offset, lengths, count);
    }

    @Override
    public MessageClaim newClaim() {
        return lane.newClaim();
    }

    @Override
    public long tryClaim(final int length, final MessageClaim claim) {
        return lane.tryClaim(length, claim);
    }

    @Override
    public long send(final ByteBuffer buffer, final long timeoutNs) throws InterruptedException {
        checkMayWait();
        return lane.send(buffer, timeoutNs);
    }

    private IllegalStateException noProtocol() {
        return new IllegalStateException("the connection carries messages as they are, by no protocol: " + this);
    }

    @Override
    public void switchInbound(final Protocol next) {
        throw noProtocol();
    }

    @Override
    public void switchOutbound(final Protocol next) {
        throw noProtocol();
    }

    @Override
    public long switchOutbound(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        throw noProtocol();
    }

    @Override
    boolean closeSenders() {
        return lane.close();
    }

    @Override
    public boolean isClosed() {
        return lane.isClosed();
    }
}
