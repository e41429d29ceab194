package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** The generator of a client's frames and the parser of a server, which users don't see, for their benchmark. One thread. */
public final class BareFrames {
    private final FrameForm form;
    private final FrameDecoder decoder;

    /**
     * Makes both.
     *
     * @param text      whether to send texts and check them, at both ends.
     * @param maxLength of a message.
     */
    public BareFrames(final boolean text, final int maxLength) {
        form = new FrameForms(maxLength, new MaskingKeys(new SecureRandom()), true)
                .get(text ? FrameForms.TEXT : FrameForms.BINARY);
        decoder = new FrameDecoder(true, maxLength, false, new FrameDecoder.Events() {
            @Override
            public boolean isOver() {
                return false;
            }

            @Override
            public void next(final boolean isText, final boolean isLast) {}

            @Override
            public boolean onControl(
                    final int opcode,
                    final ByteBuffer buffer,
                    final int offset,
                    final int length,
                    final Protocol.MessageSink sink) {
                throw new IllegalStateException("no control frame was sent: opcode=" + opcode);
            }
        });
    }

    /**
     * Generates one frame.
     *
     * @param source of the payload, all of it.
     * @param target for the frame.
     * @param offset in the target.
     * @return the frame's length.
     */
    public int encode(final ByteBuffer source, final ByteBuffer target, final int offset) {
        final int length = source.capacity();
        form.encodeHeader(target, offset, length);
        target.put(offset + form.headerLength(length), source, 0, length);
        form.encodeTrailer(target, offset, length);
        return form.frameLength(length);
    }

    /**
     * Parses and unmasks frames.
     *
     * @param source of frames, unmasked in place.
     * @param limit  behind the last of them, which begin at 0.
     * @param sink   of the messages.
     * @return bytes consumed.
     */
    public int decode(final ByteBuffer source, final int limit, final Protocol.MessageSink sink) {
        return decoder.decode(source, 0, limit, sink);
    }
}
