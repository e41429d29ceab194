package io.millrace.transport.agent;

import io.millrace.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Received content that is not decoded yet. Borrows a buffer while there is some, or while more keeps coming; gives it
 * back, zeroed, before the thread sleeps, or after many reads in a row that brought nothing. Grows with what really came,
 * never with what a header promises. The start of a message whose rest lets the thread sleep is put on a shelf of about
 * its own length meanwhile: peers that trickle hold no more than they sent. The connection's thread.
 */
final class Inbound {
    /** Reads that bring nothing, one after the other, before a buffer goes back: a thread may never sleep. */
    static final int MAX_EMPTY_READS = 256;

    /** What a connection borrows at most before a message needs more: longer reads cost no less a byte. */
    private static final int FULL_CAPACITY = 64 * 1024;

    private static final int GROWTH = 4;

    /** What fills more of its buffer than this part stays where it is: copying it to and fro would cost too much. */
    private static final int SHELVED_PART = 4;

    private static final int MIN_SHELF = 64;
    private static final byte[] NO_SHELF = {};

    private final Pipe pipe;
    private final BufferPool buffers;
    private final Protocol.MessageSink sink;
    private final Protocol.MessageSink gate = new Protocol.MessageSink() {
        @Override
        public boolean onMessage(final ByteBuffer source, final int offset, final int length) {
            return Inbound.this.onMessage(source, offset, length);
        }

        @Override
        public boolean onEvent(final Runnable callback) {
            stopped = !sink.onEvent(callback);
            return !stopped;
        }
    };

    private Protocol.Decoder decoder;

    /** Whether the decoder is another than the one that saw the content last. */
    private boolean switched;

    /** Whether the sink wanted no more. */
    private boolean stopped;

    /** Null while nothing is borrowed: then the content, if there is any, lies on the shelf. */
    private ByteBuffer buffer;

    /** Package-private for the tests, which look for content left behind. */
    byte[] shelf = NO_SHELF;

    private int emptyReads;

    /** How large a buffer to borrow: small until a read fills it. */
    private int wanted = BufferPool.MIN_CAPACITY;

    /** Content from here to {@code end}. Not by the buffer's position: a handler may have moved that. */
    private int start;

    private int end;

    /** Bytes of the buffer that may not be zero, beside those before {@code end}. */
    private int usedBytes;

    private long receivedBytes;

    Inbound(final Pipe pipe, final Protocol protocol, final BufferPool buffers, final Protocol.MessageSink sink) {
        this.pipe = pipe;
        this.buffers = buffers;
        this.sink = sink;
        decoder = protocol.newDecoder();
    }

    /**
     * Decodes by another protocol whatever has not been handed over: from a callback, what lies behind its message.
     */
    void switchTo(final Protocol next) {
        decoder = Objects.requireNonNull(next.newDecoder(), "decoder");
        switched = true;
    }

    /**
     * Receives once and decodes, until the sink answers false or the decoder is switched; what is left over then comes
     * first next time.
     *
     * @return the bytes received or decoded, or {@link Pipe#END} when both are at their end.
     */
    int poll() throws IOException {
        if (stopped || switched) {
            final int decoded = decode();
            if (decoded > 0 || stopped) {
                return decoded;
            }
        }
        final int bytes = receive();
        if (bytes > 0) {
            receivedBytes += bytes;
            emptyReads = 0;
            decode();
        } else if (bytes < 0 || ++emptyReads == MAX_EMPTY_READS) {
            emptyReads = 0;
            shelve();
        }
        return bytes;
    }

    private int receive() throws IOException {
        makeRoom();
        try {
            return pipe.receive(buffer.position(end));
        } finally {
            // Also after a failure: what came before it is to be zeroed.
            end = buffer.position();
            if (end == buffer.capacity()) {
                wanted = Math.min(FULL_CAPACITY, GROWTH * buffer.capacity());
            }
        }
    }

    /** Hands over what can be; returns the bytes consumed. */
    private int decode() {
        final int before = pending();
        stopped = false;
        switched = false;
        if (before > 0) {
            borrow();
            start += decoder.decode(buffer, start, end, gate);
        }
        final int decoded = before - pending();
        if (pending() == 0) {
            discard();
        }
        return decoded;
    }

    private boolean onMessage(final ByteBuffer source, final int offset, final int length) {
        stopped = !sink.onMessage(source, offset, length);
        // A handler may have read it its own way; the decoder wants the next message by its own.
        source.clear().order(ByteOrder.BIG_ENDIAN);
        return !stopped && !switched;
    }

    /** Receives once and throws the content away. */
    int skip() throws IOException {
        discard();
        final int bytes = receive();
        discard();
        return bytes;
    }

    /** Gives the buffer back unless it holds much; what little it holds is put on the shelf. */
    void shelve() {
        final int pending = pending();
        if (buffer == null || pending > buffer.capacity() / SHELVED_PART) {
            return;
        }
        if (shelf.length < pending) {
            shelf = new byte[Math.max(MIN_SHELF, 2 * Integer.highestOneBit(pending))];
        }
        buffer.get(start, shelf, 0, pending);
        giveBack();
        end = pending;
    }

    /** Holds no more than what has come. */
    void beforeSleep() {
        shelve();
        pipe.beforeSleep();
    }

    /** Lets the shelf go, too, if nothing lies on it. */
    void rest() {
        shelve();
        if (pending() == 0) {
            shelf = NO_SHELF;
        }
        wanted = BufferPool.MIN_CAPACITY;
    }

    /** Large enough for what one receive may want at once, as that of TLS does. */
    private int wantedCapacity() {
        return pipe.receiveRoom() > BufferPool.MIN_CAPACITY ? FULL_CAPACITY : wanted;
    }

    private void borrow() {
        if (buffer == null) {
            final int fitting = 2 * Integer.highestOneBit(Math.max(1, end - 1));
            buffer = buffers.lend(pipe.memory(), Math.max(wantedCapacity(), fitting));
            buffer.put(0, shelf, 0, end);
            Arrays.fill(shelf, 0, end, (byte) 0);
        }
    }

    /** Bytes received to be handed over, since the beginning. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Bytes that have come and are not handed over. */
    int pending() {
        return end - start;
    }

    /** Whether a buffer is borrowed. */
    boolean isBorrowing() {
        return buffer != null;
    }

    /** Throws away what is there, gives the buffer back and keeps nothing. Idempotent. */
    void close() {
        giveBack();
        shelf = NO_SHELF;
    }

    private void discard() {
        if (buffer == null) {
            Arrays.fill(shelf, 0, end, (byte) 0);
        }
        usedBytes = Math.max(usedBytes, end);
        start = 0;
        end = 0;
    }

    private void giveBack() {
        discard();
        if (buffer != null) {
            buffers.takeBack(buffer, usedBytes);
            buffer = null;
            usedBytes = 0;
        }
    }

    private void makeRoom() {
        if (buffer != null && pending() == 0 && buffer.capacity() < wanted) {
            giveBack();
        }
        borrow();
        if (buffer.capacity() - end >= pipe.receiveRoom()) {
            return;
        }
        final int from = start;
        final int pending = pending();
        final ByteBuffer full = buffer;
        discard();
        if (full.capacity() - pending >= Math.max(pipe.receiveRoom(), pending)) {
            full.put(0, full, from, pending);
        } else {
            buffer = buffers.lend(pipe.memory(), Math.max(2 * full.capacity(), wantedCapacity()));
            buffer.put(0, full, from, pending);
            buffers.takeBack(full, usedBytes);
            usedBytes = 0;
        }
        end = pending;
    }
}
