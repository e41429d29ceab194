package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A decoder whose input is cut anywhere, and a list of what came of it. */
final class FrameRig implements FrameDecoder.Events, Protocol.MessageSink {
    static final int MAX_MESSAGE_LENGTH = 70_000;

    final List<String> events = new ArrayList<>();
    final FrameDecoder decoder;
    boolean over;
    private boolean text;
    private boolean last;
    private final boolean inPieces;
    private byte[] pending = {};

    FrameRig(final boolean isServer, final boolean inPieces) {
        this.inPieces = inPieces;
        decoder = new FrameDecoder(isServer, MAX_MESSAGE_LENGTH, inPieces, this);
    }

    /** What comes of bytes that are cut into two at an index; a violation is the last event, by its reason. */
    static List<String> eventsOf(final boolean isServer, final byte[] wire, final int cut) {
        final FrameRig rig = new FrameRig(isServer, false);
        try {
            rig.receive(java.util.Arrays.copyOf(wire, cut));
            rig.receive(java.util.Arrays.copyOfRange(wire, cut, wire.length));
        } catch (final ProtocolException ex) {
            rig.events.add(ex.reason().name());
        }
        return rig.events;
    }

    /** What comes of bytes that come one by one. */
    static List<String> eventsOfDrops(final boolean isServer, final byte[] wire) {
        final FrameRig rig = new FrameRig(isServer, false);
        try {
            for (final byte drop : wire) {
                rig.receive(drop);
            }
        } catch (final ProtocolException ex) {
            rig.events.add(ex.reason().name());
        }
        return rig.events;
    }

    /** As a connection does: what is not consumed comes again, at another place. */
    void receive(final byte... bytes) {
        final ByteBuffer source = ByteBuffer.allocate(pending.length + bytes.length + 3);
        source.put(3, pending).put(3 + pending.length, bytes);
        final int consumed = decoder.decode(source, 3, source.capacity(), this);
        pending = new byte[source.capacity() - 3 - consumed];
        source.get(3 + consumed, pending);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void next(final boolean isText, final boolean isLast) {
        text = isText;
        last = isLast;
    }

    @Override
    public boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] content = new byte[length];
        buffer.get(offset, content);
        final String piece = inPieces ? (last ? "last " : "piece ") : "";
        events.add(piece + (text ? "text " : "binary ") + new String(content, StandardCharsets.ISO_8859_1));
        return true;
    }

    @Override
    public boolean onControl(
            final int opcode,
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final Protocol.MessageSink sink) {
        if (opcode == FrameDescriptor.CLOSE) {
            final CloseFrame frame = CloseFrame.parse(buffer, offset, length);
            events.add("close " + frame.code() + " " + frame.reason());
            over = true;
        } else {
            final byte[] content = new byte[length];
            buffer.get(offset, content);
            events.add("control " + opcode + " " + new String(content, StandardCharsets.ISO_8859_1));
        }
        return true;
    }
}
