package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Conversation;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.TlsInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A pipe on which the two ends talk before the first message and behind the last: the opening is part of the handshake, and
 * the farewell part of the end. The connection's thread.
 */
final class ConversationPipe implements Pipe {
    private static final int MIN_CAPACITY = 1024;

    /** What is thrown away in one turn: a peer that never stops must not keep the thread from others, and from its timers. */
    private static final int MOST_DISCARDS = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Pipe inner;
    private final Conversation conversation;
    private final ConversationLink link;

    /** What was received in the opening and is not consumed: from its position to its limit. */
    private ByteBuffer received = NOTHING;

    private boolean begun;

    /** Whether there may be more to throw away, of which nothing wakes the thread. */
    private boolean discarding;

    /** Null before the end. */
    private ByteBuffer farewell;

    /** Whether the last frame was taken in part only: nothing may come behind it but its rest. */
    private boolean cut;

    private boolean ended;

    /** Whether the farewell, and what had to be said before, is sent. */
    private boolean farewellSent;

    private boolean failed;

    ConversationPipe(final Pipe inner, final Conversation conversation, final ConversationLink link) {
        this.inner = inner;
        this.conversation = conversation;
        this.link = link;
    }

    @Override
    public Memory memory() {
        return inner.memory();
    }

    @Override
    public void begin() throws IOException {
        inner.begin();
    }

    @Override
    public Optional<TlsInfo> tls() {
        return inner.tls();
    }

    /** Whether the peer's transport is there, and what is missing is its opening. */
    boolean isOpening() {
        return begun;
    }

    /** Whether a handshake that is not done goes on without anybody waking the thread. */
    boolean isDiscarding() {
        return discarding;
    }

    @Override
    public boolean handshake() throws IOException {
        if (!begun) {
            if (!inner.handshake()) {
                return false;
            }
            begun = true;
            link.secured(inner.tls());
            conversation.begin(link);
        }
        // As long as something comes: what TLS has decrypted already wakes nobody.
        boolean heard = true;
        while (heard && !conversation.isOpen() && conversation.refusal().isEmpty()) {
            heard = listen() > 0;
        }
        if (conversation.refusal().isPresent()) {
            refuse(conversation.refusal().get());
            return false;
        }
        if (!received.hasRemaining()) {
            received = NOTHING;
        }
        return say() && conversation.isOpen();
    }

    private boolean say() throws IOException {
        final ByteBuffer words = conversation.opening();
        // Until the peer has to take some: nothing else wakes this thread for the rest.
        boolean taken = true;
        while (taken && words.hasRemaining() && inner.flush()) {
            final int before = words.remaining();
            inner.send(words);
            taken = words.remaining() < before;
        }
        return inner.flush() && !words.hasRemaining();
    }

    private int listen() throws IOException {
        makeRoom();
        final int from = received.position();
        final int limit = received.limit();
        received.position(limit).limit(received.capacity());
        int bytes = 0;
        try {
            bytes = inner.receive(received);
        } finally {
            received.limit(received.position()).position(from);
        }
        if (bytes == END) {
            throw new ProtocolException(
                    CloseReason.UPGRADE_FAILED, "the peer ended the stream in the opening handshake");
        }
        if (bytes > 0) {
            received.position(from + conversation.open(received, from, received.limit()));
        }
        return bytes;
    }

    private void makeRoom() {
        final int wanted = Math.max(inner.receiveRoom(), MIN_CAPACITY);
        if (received.capacity() - received.limit() >= wanted) {
            return;
        }
        final int left = received.remaining();
        if (received.capacity() - left >= wanted) {
            received.compact().flip();
        } else {
            received = ByteBuffer.allocate(2 * left + wanted).put(received).flip();
        }
    }

    /** Says why, ends this side's stream, and leaves it to the peer to end: unread bytes would wipe out what was said. */
    private void refuse(final ProtocolException refusal) throws IOException {
        if (say() && inner.end()) {
            received = received.capacity() < inner.receiveRoom()
                    ? ByteBuffer.allocate(Math.max(inner.receiveRoom(), MIN_CAPACITY))
                    : received;
            int bytes = 1;
            for (int i = 0; bytes > 0 && i < MOST_DISCARDS; i++) {
                bytes = inner.receive(received.clear());
            }
            discarding = bytes > 0;
            if (bytes == END) {
                throw refusal;
            }
        }
    }

    @Override
    public int receive(final ByteBuffer target) throws IOException {
        if (received.hasRemaining()) {
            return handOver(target);
        }
        if (isAtEnd()) {
            return END;
        }
        final int bytes = inner.receive(target);
        if (bytes == END && !conversation.isPeerEnded() && farewell == null) {
            throw new ProtocolException(CloseReason.TRUNCATED, "the peer ended the stream without a farewell");
        }
        return bytes;
    }

    private int handOver(final ByteBuffer target) {
        final int bytes = Math.min(received.remaining(), target.remaining());
        target.put(target.position(), received, received.position(), bytes);
        target.position(target.position() + bytes);
        received.position(received.position() + bytes);
        if (!received.hasRemaining()) {
            received = NOTHING;
        }
        return bytes;
    }

    /** Both ends have said farewell, or the peer has and it is this side's turn: unless the peer is to close the stream. */
    private boolean isAtEnd() throws IOException {
        if (failed || !conversation.isPeerEnded() || (farewellSent && conversation.leavesEndToPeer())) {
            return false;
        }
        if (farewellSent) {
            inner.end();
        }
        return true;
    }

    @Override
    public boolean isHeldUp() {
        return inner.isHeldUp();
    }

    @Override
    public boolean owesAnswer() {
        return inner.owesAnswer();
    }

    @Override
    public int receiveRoom() {
        return inner.receiveRoom();
    }

    @Override
    public void send(final ByteBuffer source) throws IOException {
        inner.send(source);
        cut = source.hasRemaining();
    }

    @Override
    public boolean flush() throws IOException {
        return inner.flush();
    }

    @Override
    public long sentBytes() {
        return inner.sentBytes();
    }

    /** This side fails the connection: its stream ends right behind the farewell. */
    void fail(final CloseReason reason) {
        failed = true;
        conversation.fail(reason);
    }

    /**
     * The farewell goes out first. The stream ends with it only if nothing else is to be heard or waited for. A peer that has said its own,
     * and is gone before it hears ours, has ended in order.
     */
    @Override
    public boolean end() throws IOException {
        if (!conversation.isOpen()) {
            return inner.end();
        }
        try {
            return sayFarewell();
        } catch (final IOException ex) {
            if (failed || !conversation.isPeerEnded()) {
                throw ex;
            }
            farewellSent = true;
            ended = true;
            return true;
        }
    }

    private boolean sayFarewell() throws IOException {
        if (ended || cut) {
            return ended;
        }
        if (farewell == null) {
            farewell = conversation.farewell();
        }
        if (farewell.hasRemaining() && inner.flush()) {
            inner.send(farewell);
        }
        if (farewell.hasRemaining() || !inner.flush()) {
            return false;
        }
        farewellSent = true;
        final boolean over = failed || conversation.isPeerEnded();
        ended = !over || inner.end();
        return ended;
    }

    @Override
    public boolean rest() {
        return inner.rest();
    }

    @Override
    public void attach() {
        inner.attach();
        conversation.attach();
    }

    @Override
    public void beforeSleep() {
        inner.beforeSleep();
    }

    @Override
    public void close() {
        for (int i = 0; i < received.limit(); i++) {
            received.put(i, (byte) 0);
        }
        received = NOTHING;
        inner.close();
    }
}
