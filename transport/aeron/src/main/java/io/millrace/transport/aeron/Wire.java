package io.millrace.transport.aeron;

import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the two ends say to each other beside the messages, each in a message of Aeron's that is told from others by the
 * reserved value of its header, which a plain message leaves 0.
 *
 * <pre>
 *  HELLO    0 version, 4 session of the request stream          client, on the knocking stream
 *  WELCOME  0 version                                           server, first of the response stream
 *  REFUSED  0 length of a text, 4 text                          server, instead of that
 *  STATE    0 flags, 8 messages taken of the other's            both, now and then and at the end
 *  BATCH    4 length, message, and so on                        both: several messages in one
 * </pre>
 */
final class Wire {
    static final int VERSION = 1;

    static final long PLAIN = 0;
    static final long HELLO = value(1);
    static final long WELCOME = value(2);
    static final long REFUSED = value(3);
    static final long STATE = value(4);
    static final long BATCH = value(5);

    /** This side has ended its stream: nothing comes behind. */
    static final int ENDED = 1;
    /** This side has seen the other's end, and taken all before it. */
    static final int SEEN = 2;
    /** This side takes nothing any more. */
    static final int STOPPED = 4;

    static final int HELLO_LENGTH = 8;
    static final int WELCOME_LENGTH = 4;
    static final int STATE_LENGTH = 16;
    static final int LENGTH_LENGTH = Integer.BYTES;

    private static final ReservedValueSupplier HELLO_VALUE = constant(HELLO);
    private static final ReservedValueSupplier WELCOME_VALUE = constant(WELCOME);
    private static final ReservedValueSupplier REFUSED_VALUE = constant(REFUSED);
    private static final ReservedValueSupplier STATE_VALUE = constant(STATE);
    static final ReservedValueSupplier BATCH_VALUE = constant(BATCH);

    private Wire() {}

    private static long value(final int kind) {
        // "Millrac" and the kind.
        return 0x4d696c6c72616300L | kind;
    }

    private static ReservedValueSupplier constant(final long value) {
        return (buffer, offset, length) -> value;
    }

    static boolean hello(final Publication to, final MutableDirectBuffer buffer, final int sessionId) {
        buffer.putInt(0, VERSION);
        buffer.putInt(Integer.BYTES, sessionId);
        return to.offer(buffer, 0, HELLO_LENGTH, HELLO_VALUE) > 0;
    }

    static boolean welcome(final Publication to, final MutableDirectBuffer buffer) {
        buffer.putInt(0, VERSION);
        return to.offer(buffer, 0, WELCOME_LENGTH, WELCOME_VALUE) > 0;
    }

    static boolean refused(final Publication to, final MutableDirectBuffer buffer, final String text) {
        final int length = buffer.putStringAscii(0, text);
        return to.offer(buffer, 0, length, REFUSED_VALUE) > 0;
    }

    static boolean state(final Publication to, final MutableDirectBuffer buffer, final int flags, final long taken) {
        buffer.putLong(0, flags);
        buffer.putLong(Long.BYTES, taken);
        return to.offer(buffer, 0, STATE_LENGTH, STATE_VALUE) > 0;
    }

    static int version(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset);
    }

    /** In one line, and no more of it than is there, whatever it says of itself. */
    static String refusalText(final DirectBuffer buffer, final int offset, final int length) {
        final int most = length - LENGTH_LENGTH;
        if (most <= 0) {
            return "";
        }
        final int wanted = Math.max(0, Math.min(buffer.getInt(offset), most));
        return buffer.getStringWithoutLengthAscii(offset + LENGTH_LENGTH, wanted)
                .replaceAll("\\p{Cntrl}", " ");
    }

    static int helloSession(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + Integer.BYTES);
    }

    static int stateFlags(final DirectBuffer buffer, final int offset) {
        return (int) buffer.getLong(offset);
    }

    static long stateTaken(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + Long.BYTES);
    }
}
