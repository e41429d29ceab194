package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/** Switches a connection's protocols, each direction by itself. The connection's thread, which is checked. */
final class ProtocolSwitch {
    private final Runnable checkDriver;
    private final Framing framing;
    private final Receiver receiver;
    private final Doorbell doorbell;

    ProtocolSwitch(
            final Runnable checkDriver, final Framing framing, final Receiver receiver, final Doorbell doorbell) {
        this.checkDriver = checkDriver;
        this.framing = framing;
        this.receiver = receiver;
        this.doorbell = doorbell;
    }

    void inbound(final Protocol next) {
        checkDriver.run();
        framing.checkMaySwitch();
        receiver.switchTo(next);
    }

    void outbound(final Protocol next) {
        checkDriver.run();
        framing.switchTo(next);
    }

    long outbound(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        checkDriver.run();
        final long position = framing.switchTo(next, last, offset, length);
        doorbell.ring();
        return position;
    }
}
