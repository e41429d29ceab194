package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/**
 * Makes messages of frames: unmasks in place, checks text as it comes, and hands over whole messages, or pieces as they
 * come if those are wanted. A message in one frame is handed over where it was received; only fragments, and what has to be
 * inflated, are put together elsewhere. Resumable at any byte. The connection's thread.
 */
final class FrameDecoder implements Protocol.Decoder {
    /** What a frame brings beside the content, which goes to the sink. */
    interface Events {
        /** Whether nothing that comes from here on is looked at. */
        boolean isOver();

        /** What the sink is given next: text or binary, and whether the message ends with it. */
        void next(boolean text, boolean last);

        /** A control frame; returns whether to go on. */
        boolean onControl(int opcode, ByteBuffer buffer, int offset, int length, Protocol.MessageSink sink);
    }

    private final FrameParser frame;
    private final FrameSequence sequence = new FrameSequence();
    private final MessageAssembly assembly;
    private final boolean inPieces;
    private final Events events;

    /** Null unless agreed on. */
    private MessageInflater inflater;

    private boolean inFrame;

    /** Payload of the frame that was consumed, and behind it, what was unmasked and not consumed. */
    private long consumed;

    private int unmasked;

    /** The part of the source that {@link #data} has consumed, and whether to go on behind it. */
    private int taken;

    private boolean goesOn;

    FrameDecoder(final boolean isServer, final int maxMessageLength, final boolean inPieces, final Events events) {
        frame = new FrameParser(isServer);
        assembly = new MessageAssembly(maxMessageLength);
        this.inPieces = inPieces;
        this.events = events;
    }

    void inflateBy(final MessageInflater newInflater) {
        inflater = newInflater;
        frame.allowCompression();
    }

    /** Lets go of what a message that did not end has left. */
    void end() {
        assembly.clear();
        if (inflater != null) {
            inflater.close();
        }
    }

    @Override
    public int decode(final ByteBuffer source, final int offset, final int limit, final Protocol.MessageSink sink) {
        int at = offset;
        goesOn = true;
        while (goesOn) {
            if (events.isOver()) {
                return limit - offset;
            }
            if (!inFrame) {
                final int headerLength = frame.parse(source, at, limit);
                if (headerLength == 0) {
                    break;
                }
                begin();
                at += headerLength;
            }
            final boolean whole = frame.isControl() ? control(source, at, limit, sink) : data(source, at, limit, sink);
            if (!whole) {
                return at + taken - offset;
            }
            at += taken;
        }
        return at - offset;
    }

    private void begin() {
        if (!frame.isControl()) {
            sequence.begin(frame);
            if (!inPieces && !sequence.isCompressed()) {
                assembly.checkFits(frame.payloadLength());
            }
        }
        inFrame = true;
        consumed = 0;
        unmasked = 0;
    }

    /** True if the frame was there whole. */
    private boolean control(final ByteBuffer source, final int at, final int limit, final Protocol.MessageSink sink) {
        final int length = (int) frame.payloadLength();
        taken = 0;
        if (limit - at < length) {
            return false;
        }
        Masking.apply(source, at, length, frame.key(), 0);
        taken = length;
        inFrame = false;
        goesOn = events.onControl(frame.opcode(), source, at, length, sink);
        return true;
    }

    /** True if the frame has come to its end. */
    private boolean data(final ByteBuffer source, final int at, final int limit, final Protocol.MessageSink sink) {
        final long left = frame.payloadLength() - consumed;
        final int length = (int) Math.min(limit - at, left);
        Masking.apply(source, at + unmasked, length - unmasked, frame.key(), (int) consumed + unmasked);
        final boolean ends = length == left;
        taken = 0;
        if (sequence.isCompressed()) {
            return inflate(source, at, length, ends, sink);
        }
        sequence.check(source, at + unmasked, at + length);
        if (inPieces) {
            piece(source, at, length, ends, sink);
        } else if (isAlone()) {
            return alone(source, at, length, ends, sink);
        } else {
            assemble(source, at, length, ends, sink);
        }
        taken = length;
        consumed += length;
        inFrame = !ends;
        return ends;
    }

    /** Whether the frame is the whole message. */
    private boolean isAlone() {
        return frame.isLast() && frame.opcode() != FrameDescriptor.CONTINUATION;
    }

    /** Stays where it is until it is there whole. */
    private boolean alone(
            final ByteBuffer source,
            final int at,
            final int length,
            final boolean ends,
            final Protocol.MessageSink sink) {
        unmasked = length;
        if (!ends) {
            return false;
        }
        taken = length;
        inFrame = false;
        sequence.endFrame(true);
        deliver(source, at, length, true, sink);
        return true;
    }

    private void piece(
            final ByteBuffer source,
            final int at,
            final int length,
            final boolean ends,
            final Protocol.MessageSink sink) {
        final boolean last = endFrame(ends);
        if (length > 0 || last) {
            deliver(source, at, length, last, sink);
        }
    }

    private void assemble(
            final ByteBuffer source,
            final int at,
            final int length,
            final boolean ends,
            final Protocol.MessageSink sink) {
        assembly.add(source, at, length);
        if (endFrame(ends)) {
            deliverAssembled(true, sink);
        }
    }

    /** In pieces, what the frame inflates to may be longer than a piece; then the rest stays where it is while nobody wants it. */
    private boolean inflate(
            final ByteBuffer source,
            final int at,
            final int length,
            final boolean ends,
            final Protocol.MessageSink sink) {
        final boolean last = ends && frame.isLast();
        inflateMore(source, at, length, last);
        while (!inflater.isDone()) {
            deliverAssembled(false, sink);
            // Behind a frame without content there is only the end of a block: a few KiB.
            if (!goesOn && length > 0) {
                consumed += taken;
                unmasked = length - taken;
                return false;
            }
            inflateMore(source, at, length, last);
        }
        consumed += length;
        unmasked = 0;
        inFrame = !ends;
        endFrame(ends);
        if (last || (inPieces && assembly.length() > 0)) {
            deliverAssembled(last, sink);
        }
        return ends;
    }

    private void inflateMore(final ByteBuffer source, final int at, final int length, final boolean last) {
        final int before = assembly.length();
        taken += inflater.inflate(source, at + taken, length - taken, last, assembly);
        sequence.check(assembly.content(), before, assembly.length());
    }

    private boolean endFrame(final boolean ends) {
        if (ends) {
            sequence.endFrame(frame.isLast());
        }
        return ends && frame.isLast();
    }

    private void deliverAssembled(final boolean last, final Protocol.MessageSink sink) {
        try {
            deliver(assembly.content(), 0, assembly.length(), last, sink);
        } finally {
            assembly.clear();
        }
    }

    private void deliver(
            final ByteBuffer buffer,
            final int at,
            final int length,
            final boolean last,
            final Protocol.MessageSink sink) {
        events.next(sequence.isText(), last);
        goesOn = sink.onMessage(buffer, at, length);
    }
}
