package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/** The face of a connection whose engine carries messages, so that it has no protocol that could be switched. */
final class MessageConnection extends ConnectionFace {
    MessageConnection(
            final long id,
            final DrivingThread thread,
            final MessageLane lane,
            final Requests requests,
            final Lifecycle lifecycle,
            final ConnectionCounters counters,
            final Doorbell doorbell,
            final Puller puller) {
        super(id, thread, lane, requests, lifecycle, counters, doorbell, puller);
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
}
