package io.millrace.transport.agent;

import io.millrace.transport.Protocol;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A length prefix of four bytes, with a heartbeat if there is to be one. */
final class PulsingProtocol implements Protocol {
    private final Protocol frames;
    private final Supplier<Optional<ByteBuffer>> heartbeat;
    private final BooleanSupplier beatsAlways;

    PulsingProtocol(
            final int maxMessageLength,
            final Supplier<Optional<ByteBuffer>> heartbeat,
            final BooleanSupplier beatsAlways) {
        frames = new LengthPrefixProtocol(maxMessageLength);
        this.heartbeat = heartbeat;
        this.beatsAlways = beatsAlways;
    }

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
        return heartbeat.get();
    }

    @Override
    public boolean beatsAlways() {
        return beatsAlways.getAsBoolean();
    }

    @Override
    public Decoder newDecoder() {
        return frames.newDecoder();
    }
}
