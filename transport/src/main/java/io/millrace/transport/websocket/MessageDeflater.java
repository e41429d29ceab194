package io.millrace.transport.websocket;

import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;

/**
 * Compresses messages in the threads of their senders (RFC 7692 section 7.2.1). The one compressor is taken, never shared: who
 * finds it gone sends the message as it is, which is legal at any time and which the compressor need not know of. Who has it
 * keeps it until the frame is in the ring, so that frames follow one another as they were compressed. Any thread; lock-free.
 *
 * <p>The JDK's compressor has a window of 15 bits and no other. Within a smaller one it is kept by forgetting all that was before
 * (a full flush) each time that so much has been compressed: legal, and worse than a window that slides.
 */
final class MessageDeflater {
    /** What the receiver adds behind each message. */
    private static final int TAIL_LENGTH = 4;

    private final boolean keepsContext;

    /** How far back a message may refer. */
    private final int window;

    private final DeflateContext context;
    private final boolean checksText;
    private final Conversation.MessageLane texts;
    private final Conversation.MessageLane binaries;

    /** Null while somebody compresses, and after the end. */
    private final AtomicReference<State> idle;

    private volatile boolean closed;

    /** A compressor and what it writes to. */
    private final class State {
        private final Deflater deflater = new Deflater(context.level(), true);
        private ByteBuffer output = ByteBuffer.allocate(1024);

        /** What may be compressed before all has to be forgotten. */
        private int windowLeft = window;

        private void forget() {
            deflater.reset();
            windowLeft = window;
        }
    }

    MessageDeflater(
            final boolean keepsContext,
            final int windowBits,
            final DeflateContext context,
            final boolean checksText,
            final Conversation.MessageLane texts,
            final Conversation.MessageLane binaries) {
        this.keepsContext = keepsContext;
        window = windowBits == DeflateTerms.ALL_BITS ? Integer.MAX_VALUE : 1 << windowBits;
        this.context = context;
        this.checksText = checksText;
        this.texts = texts;
        this.binaries = binaries;
        idle = new AtomicReference<>(new State());
    }

    /** Offers by {@code plain} what is not worth compressing, or has to go as it is. */
    long offer(
            final boolean text,
            final Conversation.MessageLane plain,
            final ByteBuffer source,
            final int offset,
            final int length) {
        final State state = length < Math.max(1, context.minLength()) ? null : idle.getAndSet(null);
        if (state == null) {
            return plain.offer(source, offset, length);
        }
        boolean forgets = false;
        try {
            if (text && checksText && !Utf8.isValid(source, offset, offset + length)) {
                throw new IllegalArgumentException("text is not UTF-8: length=" + length);
            }
            // What was refused, or failed, never reaches the peer, so nothing may refer to it.
            forgets = true;
            final int compressed = compress(state, source, offset, length);
            final long result = (text ? texts : binaries).offer(state.output, 0, compressed);
            forgets = result < 0 || !keepsContext;
            return result == Connection.MESSAGE_TOO_LONG ? plain.offer(source, offset, length) : result;
        } finally {
            if (forgets) {
                state.forget();
            }
            giveBack(state);
        }
    }

    private int compress(final State state, final ByteBuffer source, final int offset, final int length) {
        final int limit = offset + length;
        int end = 0;
        for (int at = offset; at < limit; ) {
            final int bytes = Math.min(limit - at, state.windowLeft);
            state.deflater.setInput(source.duplicate().limit(at + bytes).position(at));
            at += bytes;
            state.windowLeft -= bytes;
            if (state.windowLeft > 0) {
                end = flush(state, end, Deflater.SYNC_FLUSH);
            } else {
                end = flush(state, end, Deflater.FULL_FLUSH);
                state.windowLeft = window;
            }
        }
        return end - TAIL_LENGTH;
    }

    /** Compresses all that was set, behind what is there; returns the new end. */
    private static int flush(final State state, final int start, final int kind) {
        int end = start;
        while (true) {
            final int room = state.output.capacity() - end;
            final int bytes = state.deflater.deflate(
                    state.output.duplicate().limit(end + room).position(end), kind);
            end += bytes;
            if (bytes < room) {
                return end;
            }
            state.output = ByteBuffer.allocate(2 * state.output.capacity()).put(0, state.output, 0, end);
        }
    }

    private void giveBack(final State state) {
        idle.set(state);
        if (closed) {
            close();
        }
    }

    /** Lets go of the native memory: now, or when the one who compresses is done. Idempotent. */
    void close() {
        closed = true;
        final State state = idle.getAndSet(null);
        if (state != null) {
            state.deflater.end();
        }
    }
}
