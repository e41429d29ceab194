package io.millrace.transport.websocket;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import io.millrace.session.SnapshotSet;
import io.millrace.transport.Connection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One publisher to any number of WebSockets of a server's. A frame is encoded once; each connection's thread reads it from a ring
 * that never waits for a reader, and copies it as it is into its own outbound ring. Never compressed.
 *
 * <p>A slow peer slows nobody down. It keeps frames waiting in the ring until it is overtaken; then, by its connection's
 * {@link io.millrace.transport.SlowConsumerPolicy}: {@code REPORT} goes on behind the gap, which is counted;
 * {@code DROP_NEWEST} never waits and drops what finds no room, which is counted, too; {@code DISCONNECT} ends the connection.
 *
 * <p>Publishing costs the publisher one look at each subscriber, and a wake-up for each whose thread sleeps; once there are more than 16, a
 * daemon thread of the broadcast's does that, until it is {@linkplain #close closed}.
 */
public final class WebSocketBroadcast implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(WebSocketBroadcast.class.getName());

    /** More subscribers than the publisher wakes by itself: for a few a thread in between would only cost time. */
    private static final int MANY = 16;

    private final BroadcastRing ring;
    private final FrameForms forms;
    private final int maxMessageLength;
    private final ByteBuffer frame;
    private final SnapshotSet<Subscription> subscriptions = new SnapshotSet<>();
    private final AtomicLong missed = new AtomicLong();

    /** Null until there were many subscribers; set by the publisher. */
    private volatile BroadcastWaker waker;

    /**
     * Makes a broadcast without subscribers.
     *
     * @param capacity         in bytes, a power of two: how far a subscriber may lag.
     * @param maxMessageLength in bytes: each subscriber holds a copy of one message.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public WebSocketBroadcast(final int capacity, final int maxMessageLength) {
        this.maxMessageLength = Settings.within("maxMessageLength", maxMessageLength, 1, capacity / 2);
        final int longest = maxMessageLength + FrameDescriptor.MAX_HEADER_LENGTH;
        ring = new BroadcastRing(capacity, longest, Memory.HEAP);
        forms = new FrameForms(maxMessageLength, null, true);
        frame = ByteBuffer.allocate(longest);
    }

    /**
     * Sends a WebSocket what is published from here on. Any thread; lock-free. Idempotent.
     *
     * @param webSocket of a server, whose connection takes messages as long as this broadcast's.
     * @throws IllegalArgumentException if it is a client's, which masks each frame by a key of its own, or its longest
     *     message is shorter.
     */
    public void subscribe(final WebSocket webSocket) {
        if (!(webSocket instanceof OpenWebSocket open) || !open.sendsFramesAsTheyAre(maxMessageLength)) {
            throw new IllegalArgumentException("not a server's WebSocket that takes such messages: maxMessageLength="
                    + maxMessageLength + " webSocket=" + webSocket);
        }
        open.subscribe(this, link -> new Subscription(this, ring.newReader(), link, missed));
    }

    /**
     * Sends a WebSocket nothing more; what it has not read is lost to it. Any thread; lock-free. Idempotent.
     *
     * @param webSocket that was subscribed, or not.
     */
    public void unsubscribe(final WebSocket webSocket) {
        if (webSocket instanceof OpenWebSocket open) {
            open.unsubscribe(this);
        }
    }

    void add(final Subscription subscription) {
        subscriptions.add(subscription);
    }

    void remove(final Subscription subscription) {
        subscriptions.remove(subscription);
    }

    /**
     * Publishes a text. One thread, the publisher's; wait-free but for wake-ups.
     *
     * @param utf8   that holds it; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind it in the broadcast, or {@link Connection#CLOSED}, or
     *     {@link Connection#MESSAGE_TOO_LONG}.
     * @throws IllegalArgumentException if it is not UTF-8.
     */
    public long offerText(final ByteBuffer utf8, final int offset, final int length) {
        return offer(forms.get(FrameForms.TEXT), utf8, offset, length);
    }

    /**
     * Publishes a binary message. One thread, the publisher's; wait-free but for wake-ups.
     *
     * @param buffer that holds it; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind it in the broadcast, or {@link Connection#CLOSED}, or
     *     {@link Connection#MESSAGE_TOO_LONG}.
     */
    public long offerBinary(final ByteBuffer buffer, final int offset, final int length) {
        return offer(forms.get(FrameForms.BINARY), buffer, offset, length);
    }

    private long offer(final FrameForm form, final ByteBuffer buffer, final int offset, final int length) {
        if (length > maxMessageLength) {
            return Connection.MESSAGE_TOO_LONG;
        }
        form.encodeHeader(frame, 0, length);
        frame.put(form.headerLength(length), buffer, offset, length);
        form.encodeTrailer(frame, 0, length);
        final long position = ring.offer(frame, 0, form.frameLength(length));
        if (position >= 0) {
            wake();
        }
        return position;
    }

    private void wake() {
        final List<Subscription> all = subscriptions.snapshot();
        final boolean many = all.size() > MANY;
        if (many && waker == null) {
            startWaker();
        }
        if (!many || waker == null || !waker.tell()) {
            BroadcastWaker.wake(all, ring.publishedRecords());
        }
    }

    /** Without a thread to be had the publisher goes on to wake all by itself. */
    private void startWaker() {
        final BroadcastWaker made = new BroadcastWaker(ring, subscriptions);
        final Thread thread = new Thread(made, "millrace-broadcast");
        thread.setDaemon(true);
        try {
            thread.start();
            waker = made;
        } catch (final OutOfMemoryError ex) {
            LOGGER.log(System.Logger.Level.DEBUG, "no thread to wake subscribers", ex);
        }
    }

    /** Records so far. Any thread. */
    long published() {
        return ring.publishedRecords();
    }

    /**
     * How many WebSockets get what is published. Any thread; wait-free.
     *
     * @return the count.
     */
    public int subscribers() {
        return subscriptions.snapshot().size();
    }

    /**
     * Messages that subscribers did not get because they were too slow. Any thread; wait-free.
     *
     * @return the sum over all of them.
     */
    public long missed() {
        return missed.get();
    }

    /** Publishes nothing more, and ends the thread; what was published still reaches the subscribers. Idempotent; any thread. */
    @Override
    public void close() {
        ring.close();
        final BroadcastWaker running = waker;
        if (running != null) {
            running.tell();
        }
    }

    @Override
    public String toString() {
        return "broadcast subscribers=" + subscriptions.snapshot().size() + " missed=" + missed;
    }
}
