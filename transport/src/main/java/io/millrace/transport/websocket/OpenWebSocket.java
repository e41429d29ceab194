package io.millrace.transport.websocket;

import io.millrace.session.SnapshotSet;
import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The face of a WebSocket: any thread. What the opening found out does not change any more. */
final class OpenWebSocket implements WebSocket {
    private final Conversation.Link link;
    private final HttpRequest request;
    private final HttpFields responseFields;
    private final Optional<String> protocol;
    private final Heartbeat heartbeat;
    private final boolean checksText;
    private final Conversation.MessageLane texts;
    private final Conversation.MessageLane binaries;
    private final Conversation.MessageLane pings;
    private final Conversation.MessageLane pongs;

    /** Null if nothing is compressed. */
    private final MessageDeflater deflater;

    /** Of broadcasts: any thread joins and leaves, the connection's thread reads. */
    private final SnapshotSet<Subscription> subscriptions = new SnapshotSet<>();

    private final int encodedMessageLength;

    /** What the first {@link #close} wants to say. */
    private final AtomicReference<CloseFrame> wantedClose = new AtomicReference<>();

    OpenWebSocket(
            final Conversation.Link link, final WebSocketSide side, final Opening opening, final Heartbeat heartbeat) {
        this.link = link;
        this.heartbeat = heartbeat;
        request = opening.request;
        responseFields = opening.responseFields;
        protocol = opening.protocol;
        encodedMessageLength = side.isServer() ? side.maxMessageLength() : 0;
        checksText = side.context().checksSentText();
        texts = link.lane(FrameForms.TEXT);
        binaries = link.lane(FrameForms.BINARY);
        pings = link.lane(FrameForms.PING);
        pongs = link.lane(FrameForms.PONG);
        deflater = opening.deflate
                .map(terms -> new MessageDeflater(
                        side.isServer() ? terms.serverKeepsContext() : terms.clientKeepsContext(),
                        side.isServer() ? terms.serverBits() : terms.clientBits(),
                        side.context().deflate().orElseThrow(),
                        checksText,
                        link.lane(FrameForms.DEFLATED_TEXT),
                        link.lane(FrameForms.DEFLATED_BINARY)))
                .orElse(null);
    }

    @Override
    public Connection connection() {
        return link.connection();
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public HttpFields responseFields() {
        return responseFields;
    }

    @Override
    public Optional<String> protocol() {
        return protocol;
    }

    @Override
    public boolean isCompressed() {
        return deflater != null;
    }

    @Override
    public long offerText(final String text) {
        try {
            // Unlike String.getBytes, which would send a question mark for half a surrogate pair.
            return offerText(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
        } catch (final CharacterCodingException ex) {
            throw new IllegalArgumentException("the text holds half of a surrogate pair: length=" + text.length(), ex);
        }
    }

    @Override
    public long offerText(final ByteBuffer utf8, final int offset, final int length) {
        return deflater == null ? texts.offer(utf8, offset, length) : deflater.offer(true, texts, utf8, offset, length);
    }

    @Override
    public long offerBinary(final ByteBuffer buffer, final int offset, final int length) {
        return deflater == null
                ? binaries.offer(buffer, offset, length)
                : deflater.offer(false, binaries, buffer, offset, length);
    }

    @Override
    public Conversation.MessageLane texts() {
        return texts;
    }

    @Override
    public Conversation.MessageLane binaries() {
        return binaries;
    }

    @Override
    public Optional<FragmentedMessage> newText() {
        return link.fragments().map(held -> new FragmentedMessage(held, FrameForms.FIRST_TEXT, checksText));
    }

    @Override
    public Optional<FragmentedMessage> newBinary() {
        return link.fragments().map(held -> new FragmentedMessage(held, FrameForms.FIRST_BINARY, false));
    }

    @Override
    public long ping(final ByteBuffer payload) {
        return pings.offer(payload, payload.position(), payload.remaining());
    }

    @Override
    public long pong(final ByteBuffer payload) {
        return pongs.offer(payload, payload.position(), payload.remaining());
    }

    @Override
    public long roundTripNs() {
        return heartbeat.roundTripNs();
    }

    @Override
    public void close() {
        close(CloseFrame.toSend(CloseCodes.NORMAL, ""));
    }

    @Override
    public void close(final int code, final String reason) {
        close(CloseFrame.toSend(code, reason));
    }

    private void close(final CloseFrame frame) {
        wantedClose.compareAndSet(null, frame);
        connection().close();
    }

    /** What to say to a peer that has not closed, if somebody said so. */
    Optional<CloseFrame> wantedClose() {
        return Optional.ofNullable(wantedClose.get());
    }

    /** Whether frames that are encoded for all go out here. */
    boolean sendsFramesAsTheyAre(final int maxMessageLength) {
        return maxMessageLength <= encodedMessageLength;
    }

    void subscribe(final WebSocketBroadcast broadcast, final Function<Conversation.Link, Subscription> maker) {
        final Subscription subscription = maker.apply(link);
        // First, so that who unsubscribes meanwhile finds it in both places or in neither.
        broadcast.add(subscription);
        if (!subscriptions.addUnless(subscription, each -> each.isOf(broadcast))) {
            broadcast.remove(subscription);
        }
        if (connection().isClosed()) {
            unsubscribe(broadcast);
        }
    }

    void unsubscribe(final WebSocketBroadcast broadcast) {
        for (final Subscription subscription : subscriptions.snapshot()) {
            if (subscription.isOf(broadcast) && subscriptions.remove(subscription)) {
                broadcast.remove(subscription);
            }
        }
    }

    /** Moves on what was broadcast. The connection's thread. */
    int poll() {
        final List<Subscription> all = subscriptions.snapshot();
        int work = 0;
        for (int i = 0; i < all.size(); i++) {
            work += all.get(i).poll();
        }
        return work;
    }

    boolean needsTurn() {
        final List<Subscription> all = subscriptions.snapshot();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).needsTurn()) {
                return true;
            }
        }
        return false;
    }

    /** The connection has another thread. */
    void attach() {
        subscriptions.snapshot().forEach(Subscription::attach);
    }

    /** The connection is over. */
    void end() {
        subscriptions.snapshot().forEach(Subscription::leave);
        if (deflater != null) {
            deflater.close();
        }
    }

    @Override
    public String toString() {
        return "WebSocket path=" + request.path() + " " + connection();
    }
}
