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
    boolean pausesBehindEach;
    private boolean paused;

    /** Whether anything was handed over while nothing was wanted. */
    boolean overrun;

    private boolean text;
    private boolean last;
    private final boolean inPieces;
    private byte[] pending = {};

    FrameRig(final boolean isServer, final boolean inPieces) {
        this(isServer, inPieces, MAX_MESSAGE_LENGTH);
    }

    FrameRig(final boolean isServer, final boolean inPieces, final int maxMessageLength) {
        this.inPieces = inPieces;
        decoder = new FrameDecoder(isServer, maxMessageLength, inPieces, this);
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

    /** The events as if messages had not come in pieces. */
    static List<String> joined(final List<String> events) {
        final List<String> joined = new ArrayList<>();
        final StringBuilder message = new StringBuilder();
        for (final String event : events) {
            if (event.startsWith("piece ") || event.startsWith("last ")) {
                final String piece = event.substring(event.indexOf(' ') + 1);
                message.append(message.isEmpty() ? piece : piece.substring(piece.indexOf(' ') + 1));
            } else {
                joined.add(event);
            }
            if (event.startsWith("last ")) {
                joined.add(message.toString());
                message.setLength(0);
            }
        }
        return joined;
    }

    /** As a connection does: what is not consumed comes again, at another place; behind a pause, too. */
    void receive(final byte... bytes) {
        decode(bytes);
        while (paused && pending.length > 0) {
            decode();
        }
    }

    /** One turn: behind a pause, the rest stays where it is. */
    void decode(final byte... bytes) {
        paused = false;
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
        overrun |= paused;
        final byte[] content = new byte[length];
        buffer.get(offset, content);
        final String piece = inPieces ? (last ? "last " : "piece ") : "";
        events.add(piece + (text ? "text " : "binary ") + new String(content, StandardCharsets.ISO_8859_1));
        paused = pausesBehindEach;
        return !paused;
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
