package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Conversation;
import io.millrace.transport.IdleKind;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One end of one WebSocket, between its connection and its handler: opens it, answers pings, and closes it. Made by
 * {@link WebSocketSide#end}; called by the transport. The connection's thread.
 */
public final class WebSocketEnd implements ConnectionHandler, Conversation {
    private static final CloseFrame NORMAL = new CloseFrame(CloseCodes.NORMAL, "");
    private static final CloseFrame GOING_AWAY = new CloseFrame(CloseCodes.GOING_AWAY, "");

    private final WebSocketSide side;
    private final WebSocketHandler handler;
    private final Opening opening;
    private final FrameDecoder decoder;
    private final Incoming incoming = new Incoming();
    private Heartbeat heartbeat;
    private PingLimit pings;
    private Link link;
    private OpenWebSocket webSocket;
    private boolean opened;

    /** Null until the peer's close frame came. */
    private CloseFrame peersClose;

    /** Null unless this side fails the connection. */
    private CloseReason failure;

    /** What to say if nobody says how to close: of any thread that closes all. */
    private volatile CloseFrame usualClose = NORMAL;

    WebSocketEnd(final WebSocketSide side, final WebSocketHandler handler) {
        this.side = side;
        this.handler = Objects.requireNonNull(handler, "handler");
        opening = side.newOpening();
        decoder = new FrameDecoder(
                side.isServer(), side.maxMessageLength(), side.context().handsOverPieces(), incoming);
    }

    /**
     * The WebSocket, from {@link #onOpen} on.
     *
     * @return the WebSocket of this end.
     */
    public WebSocket webSocket() {
        return webSocket;
    }

    // ---- the conversation

    @Override
    public Optional<Conversation> conversation() {
        return Optional.of(this);
    }

    @Override
    public List<Protocol> forms() {
        return side.forms()
                .with(new MessageForm(
                        side.forms().get(FrameForms.BINARY), () -> decoder, () -> heartbeat.next(link.nowNs())));
    }

    @Override
    public boolean isControl(final int form) {
        return FrameForms.isControl(form);
    }

    @Override
    public void begin(final Link newLink) {
        link = newLink;
        opening.begin(newLink.connection());
        heartbeat = new Heartbeat(side.forms().get(FrameForms.PING));
        pings = new PingLimit(side.context().maxPingsPerSecond());
    }

    @Override
    public ByteBuffer opening() {
        return opening.words();
    }

    @Override
    public int open(final ByteBuffer source, final int offset, final int limit) {
        final int consumed = opening.take(source, offset, limit);
        if (opening.isOpen() && webSocket == null) {
            webSocket = new OpenWebSocket(link, side, opening, heartbeat);
            opening.deflate.ifPresent(terms -> decoder.inflateBy(new MessageInflater(
                    side.isServer() ? terms.clientKeepsContext() : terms.serverKeepsContext(),
                    side.context().deflate().orElseThrow().maxRatio(),
                    side.context().handsOverPieces())));
        }
        return consumed;
    }

    @Override
    public boolean isOpen() {
        return opening.isOpen();
    }

    @Override
    public Optional<ProtocolException> refusal() {
        return opening.refusal();
    }

    /** RFC 6455 section 7.4.1: a server that goes down says so. */
    @Override
    public void leave() {
        usualClose = GOING_AWAY;
    }

    @Override
    public void fail(final CloseReason reason) {
        failure = reason;
    }

    @Override
    public ByteBuffer farewell() {
        final CloseFrame frame;
        if (failure != null) {
            frame = new CloseFrame(CloseCodes.of(failure), failure.text());
        } else {
            frame = peersClose == null ? webSocket.wantedClose().orElse(usualClose) : peersClose;
        }
        return side.forms().close().frame(frame.payload());
    }

    @Override
    public boolean isPeerEnded() {
        return peersClose != null;
    }

    @Override
    public boolean leavesEndToPeer() {
        return !side.isServer();
    }

    @Override
    public int poll() {
        return webSocket.poll();
    }

    @Override
    public boolean needsTurn() {
        return webSocket.needsTurn();
    }

    @Override
    public void attach() {
        if (webSocket != null) {
            webSocket.attach();
        }
    }

    @Override
    public void end() {
        decoder.end();
        if (webSocket != null) {
            webSocket.end();
        }
    }

    // ---- what comes

    /** What the decoder tells, and the piece that it hands over next. */
    private final class Incoming implements FrameDecoder.Events {
        private boolean text;
        private boolean last;
        private ByteBuffer control;
        private int controlOffset;
        private int controlLength;
        private final Runnable onPing = this::ping;
        private final Runnable onPong = this::pong;

        private void ping() {
            handler.onPing(webSocket, control, controlOffset, controlLength);
        }

        private void pong() {
            handler.onPong(webSocket, control, controlOffset, controlLength);
        }

        @Override
        public boolean isOver() {
            return peersClose != null || failure != null;
        }

        @Override
        public void next(final boolean isText, final boolean isLast) {
            text = isText;
            last = isLast;
        }

        @Override
        public boolean onControl(
                final int opcode,
                final ByteBuffer buffer,
                final int offset,
                final int length,
                final Protocol.MessageSink sink) {
            control = buffer;
            controlOffset = offset;
            controlLength = length;
            switch (opcode) {
                case FrameDescriptor.PING -> {
                    answer(buffer, offset, length);
                    return sink.onEvent(onPing);
                }
                case FrameDescriptor.PONG -> {
                    return heartbeat.isAnswered(buffer, offset, length, link.nowNs()) || sink.onEvent(onPong);
                }
                default -> {
                    peersClose = CloseFrame.parse(buffer, offset, length);
                    return true;
                }
            }
        }

        private void answer(final ByteBuffer ping, final int offset, final int length) {
            pings.count(link.nowNs());
            final byte[] payload = new byte[length];
            ping.get(offset, payload);
            if (!link.sendControl(side.forms().get(FrameForms.PONG).frame(payload))
                    && !link.connection().isClosed()) {
                throw new ProtocolException(
                        CloseReason.PING_FLOOD, "pings whose answers the peer does not read: length=" + length);
            }
        }
    }

    // ---- the connection's handler

    @Override
    public void onOpen(final Connection connection) {
        opened = true;
        handler.onOpen(webSocket);
    }

    @Override
    public void onMessage(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
        if (side.context().handsOverPieces()) {
            handler.onPiece(webSocket, incoming.text, buffer, offset, length, incoming.last);
        } else if (incoming.text) {
            handler.onText(webSocket, buffer, offset, length);
        } else {
            handler.onBinary(webSocket, buffer, offset, length);
        }
    }

    @Override
    public void onWritable(final Connection connection) {
        handler.onWritable(webSocket);
    }

    @Override
    public void onSlowConsumer(final Connection connection) {
        handler.onSlowConsumer(webSocket);
    }

    @Override
    public void onIdle(final Connection connection, final IdleKind kind) {
        handler.onIdle(webSocket, kind);
    }

    @Override
    public void onClose(final Connection connection, final CloseReport report) {
        if (opened) {
            final CloseFrame frame = peersClose == null ? CloseFrame.MISSING : peersClose;
            handler.onClose(webSocket, frame.code(), frame.reason(), report);
        } else {
            handler.onFailed(connection, report);
        }
    }
}
