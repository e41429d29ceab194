package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/**
 * The face of a connection: puts messages into its lane, leaves requests, and reads what its {@link ConnectionAgent}
 * publishes.
 */
final class TransportConnection extends ConnectionFace {
    private final ProtocolSwitch protocols;
    private final SendLane lane;

    TransportConnection(
            final long id,
            final DrivingThread thread,
            final ProtocolSwitch protocols,
            final SendLane lane,
            final Requests requests,
            final Lifecycle lifecycle,
            final CounterCells counters,
            final Doorbell doorbell,
            final Puller puller) {
        super(id, thread, requests, lifecycle, counters, doorbell, puller);
        this.protocols = protocols;
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
        return lane.send(buffer, buffer.position(), buffer.remaining(), timeoutNs);
    }

    @Override
    public void switchInbound(final Protocol next) {
        protocols.inbound(next);
    }

    @Override
    public void switchOutbound(final Protocol next) {
        protocols.outbound(next);
    }

    @Override
    public long switchOutbound(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        return protocols.outbound(next, last, offset, length);
    }

    @Override
    boolean closeSenders() {
        return lane.rings().close();
    }

    @Override
    public boolean isClosed() {
        return lane.rings().isClosed();
    }
}
