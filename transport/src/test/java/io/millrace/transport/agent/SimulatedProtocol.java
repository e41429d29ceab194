package io.millrace.transport.agent;

import io.millrace.transport.Protocol;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A length prefix of four bytes, with a message of one byte for a heartbeat: the simulation's own messages are longer. */
final class SimulatedProtocol implements Protocol {
    static final int HEARTBEAT_LENGTH = 1;

    private final Protocol frames = new LengthPrefixProtocol(SimulatedSide.MAX_MESSAGE_LENGTH);

    @Override
    public int maxMessageLength() {
        return frames.maxMessageLength();
    }

    @Override
    public int headerLength(final int messageLength) {
        return frames.headerLength(messageLength);
    }

    @Override
    public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
        frames.encodeHeader(target, offset, messageLength);
    }

    @Override
    public Optional<ByteBuffer> heartbeat() {
        return Optional.of(ByteBuffer.wrap(new byte[] {0, 0, 0, HEARTBEAT_LENGTH, 'h'}));
    }

    @Override
    public Decoder newDecoder() {
        return frames.newDecoder();
    }
}
