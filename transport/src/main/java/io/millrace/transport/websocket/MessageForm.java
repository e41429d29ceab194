package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** The messages of one connection: binary ones out, all in, and its heartbeat. */
final class MessageForm implements Protocol {
    private final FrameForm out;
    private final Supplier<Decoder> decoders;
    private final Supplier<ByteBuffer> heartbeats;

    MessageForm(final FrameForm out, final Supplier<Decoder> decoders, final Supplier<ByteBuffer> heartbeats) {
        this.out = out;
        this.decoders = decoders;
        this.heartbeats = heartbeats;
    }

    @Override
    public int maxMessageLength() {
        return out.maxMessageLength();
    }

    @Override
    public int minMessageLength() {
        return out.minMessageLength();
    }

    @Override
    public int headerLength(final int messageLength) {
        return out.headerLength(messageLength);
    }

    @Override
    public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
        out.encodeHeader(target, offset, messageLength);
    }

    @Override
    public void encodeTrailer(final ByteBuffer target, final int offset, final int messageLength) {
        out.encodeTrailer(target, offset, messageLength);
    }

    @Override
    public Optional<ByteBuffer> heartbeat() {
        return Optional.of(heartbeats.get());
    }

    /** The answers are measured. */
    @Override
    public boolean beatsAlways() {
        return true;
    }

    @Override
    public Decoder newDecoder() {
        return decoders.get();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
