package io.millrace.transport.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * One direction between two {@link SimulatedChannel}s: a bounded queue of bytes that takes and gives parts, stands still,
 * and breaks, as the seed wants. Cuts what goes through it into messages by itself and shows them to the sender's model.
 */
final class SimulatedWire {
    /** Sees every whole message, as it went onto the wire. */
    interface Tap {
        void onMessage(ByteBuffer message);
    }

    /** What one read or write of a chopping wire moves at most. */
    private static final int CHOP = 40;

    /** The same with TLS, where nothing arrives before a record is whole. */
    private static final int SECURE_CHOP = 400;

    /** Takes a whole flight of a handshake. */
    private static final int HANDSHAKE_CAPACITY = 8192;

    private final SplittableRandom random;
    private final SimulationVerdict verdict;
    private final Tap tap;
    private final int capacity;
    private final byte[] bytes;
    private final ByteBuffer frame = ByteBuffer.allocate(4 + SimulatedSide.MAX_MESSAGE_LENGTH);
    private final boolean secure;
    private final Queue<Announced> records = new ArrayDeque<>();
    private int chop;
    private boolean handshaking = true;
    private long announced;
    private long written;
    private long read;
    private boolean stalled;
    private boolean finished;
    private boolean readerGone;
    private boolean reset;

    SimulatedWire(final SplittableRandom random, final SimulationVerdict verdict, final Tap tap, final boolean secure) {
        this.random = random;
        this.verdict = verdict;
        this.tap = tap;
        this.secure = secure;
        capacity = secure ? HANDSHAKE_CAPACITY : 1 << random.nextInt(4, 13);
        chop = random.nextBoolean() ? (secure ? SECURE_CHOP : CHOP) : Integer.MAX_VALUE;
        bytes = new byte[capacity];
        frame.limit(4);
    }

    int write(final ByteBuffer source) throws IOException {
        verdict.expect(!finished, "written behind the end");
        if (readerGone) {
            reset = true;
        }
        failIfReset();
        final int count = Math.min(source.remaining(), part(capacity - (int) (written - read)));
        for (int i = 0; i < count; i++) {
            final byte next = source.get();
            bytes[(int) written++ & (capacity - 1)] = next;
            if (!secure) {
                cut(next);
            }
        }
        while (!records.isEmpty() && records.peek().end <= written) {
            for (final ByteBuffer content = records.remove().content; content.hasRemaining(); ) {
                cut(content.get());
            }
        }
        return count;
    }

    /** Bytes that will be written behind those announced before, and the content that they carry. */
    void expect(final int wireLength, final byte[] content) {
        announced += wireLength;
        if (content.length > 0) {
            records.add(new Announced(announced, ByteBuffer.wrap(content)));
        }
    }

    /** What a record carries whose last byte is written at an end. */
    private record Announced(long end, ByteBuffer content) {}

    /** From here on it chops, if it is to: how long a handshake's messages are, the seed does not say. */
    void handshakeDone() {
        handshaking = false;
    }

    private void cut(final byte next) {
        frame.put(next);
        if (frame.hasRemaining()) {
            return;
        }
        if (frame.limit() == 4) {
            final int length = frame.getInt(0);
            verdict.expect(length > 0 && length <= SimulatedSide.MAX_MESSAGE_LENGTH, "a length on the wire:", length);
            frame.limit(4 + length);
        } else {
            tap.onMessage(frame.slice(4, frame.limit() - 4));
            frame.clear().limit(4);
        }
    }

    int read(final ByteBuffer target) throws IOException {
        failIfReset();
        if (read == written) {
            return finished && !stalled ? -1 : 0;
        }
        final int count = Math.min(target.remaining(), part((int) (written - read)));
        for (int i = 0; i < count; i++) {
            target.put(bytes[(int) read++ & (capacity - 1)]);
        }
        return count;
    }

    private int part(final int most) {
        if (stalled || most == 0) {
            return 0;
        }
        return chop == Integer.MAX_VALUE || (secure && handshaking) ? most : Math.min(most, random.nextInt(1, chop));
    }

    private void failIfReset() throws IOException {
        if (reset) {
            throw new IOException("Connection reset by peer");
        }
    }

    boolean isReadable() {
        return reset || (!stalled && (finished || read != written));
    }

    boolean isWritable() {
        return reset || readerGone || (!stalled && written - read < capacity);
    }

    void stall(final boolean still) {
        stalled = still;
    }

    /** Stands still no more, and moves all that there is. */
    void heal() {
        stalled = false;
        chop = Integer.MAX_VALUE;
    }

    void finish() {
        finished = true;
    }

    void reset() {
        reset = true;
    }

    boolean isReset() {
        return reset;
    }

    /** The reader closed; true if it left bytes unread, which TCP answers with a reset (RFC 2525 section 2.17). */
    boolean abandon() {
        readerGone = true;
        return read != written;
    }

    long movedBytes() {
        return read + written;
    }
}
