package io.millrace.jmh.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The hand-written parser of the peers that bring none. One thread. */
final class Frames {
    private static final int LONGEST_FRAME = 64 * 1024;

    private final Link.Receiver receiver;
    private final Link.Sender reply;

    /** The front of a frame whose end has not come. */
    private final ByteBuffer carried = ByteBuffer.allocateDirect(LONGEST_FRAME);

    Frames(final Link.Receiver receiver, final Link.Sender reply) {
        this.receiver = receiver;
        this.reply = reply;
    }

    /** Hands over whole frames between two indices; returns the index behind the last of them. */
    int parse(final ByteBuffer source, final int from, final int limit) throws IOException {
        int offset = from;
        while (limit - offset >= Link.HEADER_LENGTH) {
            final int length = source.getInt(offset);
            if (limit - offset - Link.HEADER_LENGTH < length) {
                break;
            }
            receiver.onMessage(source, offset + Link.HEADER_LENGTH, length, reply);
            offset += Link.HEADER_LENGTH + length;
        }
        return offset;
    }

    /** As {@link #parse}, but takes everything between position and limit, and keeps a frame's front until its end comes. */
    void feed(final ByteBuffer source) throws IOException {
        while (carried.position() > 0 && source.hasRemaining()) {
            final int frame = carried.position() < Link.HEADER_LENGTH
                    ? Link.HEADER_LENGTH
                    : Link.HEADER_LENGTH + carried.getInt(0);
            take(source, Math.min(frame - carried.position(), source.remaining()));
            if (parse(carried, 0, carried.position()) > 0) {
                carried.clear();
            }
        }
        source.position(parse(source, source.position(), source.limit()));
        take(source, source.remaining());
    }

    private void take(final ByteBuffer source, final int bytes) {
        carried.put(carried.position(), source, source.position(), bytes);
        carried.position(carried.position() + bytes);
        source.position(source.position() + bytes);
    }
}
