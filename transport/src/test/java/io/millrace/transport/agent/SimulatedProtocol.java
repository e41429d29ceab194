package io.millrace.transport.agent;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The simulation's: with a message of one byte for a heartbeat, for its own messages are longer. */
final class SimulatedProtocol {
    static final int HEARTBEAT_LENGTH = 1;

    private SimulatedProtocol() {}

    static Protocol make() {
        return new PulsingProtocol(
                SimulatedSide.MAX_MESSAGE_LENGTH,
                () -> Optional.of(ByteBuffer.wrap(new byte[] {0, 0, 0, HEARTBEAT_LENGTH, 'h'})),
                () -> false);
    }
}
