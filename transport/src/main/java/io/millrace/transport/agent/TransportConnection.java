package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/** The face of a connection with a pipe, whose protocol may be switched. */
final class TransportConnection extends ConnectionFace {
    private final ProtocolSwitch protocols;

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
        super(id, thread, lane, requests, lifecycle, counters, doorbell, puller);
        this.protocols = protocols;
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
}
