package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleKind;
import io.millrace.transport.Protocol;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One end of a WebSocket without a connection, and a list of what its handler is told. */
final class EndRig implements WebSocketHandler, Protocol.MessageSink {
    static final int MAX_MESSAGE_LENGTH = 1_000;
    private static final URI SERVER = URI.create("ws://h");
    private static final URI CLIENT = URI.create("ws://h/chat");

    final List<String> events = new ArrayList<>();
    final FakeLink link = new FakeLink();
    final WebSocketEnd end;

    /** Whether the connection goes on behind what its handler was told. */
    boolean goesOn = true;

    private final boolean isServer;
    private Protocol messages;
    private Protocol.Decoder decoder;

    EndRig(final boolean isServer, final WebSocketContext context) {
        this.isServer = isServer;
        end = side(isServer, context).end(this);
    }

    /** An end of a client's whose handler is told in place of this. */
    EndRig(final WebSocketEnd end) {
        isServer = false;
        this.end = end;
    }

    static WebSocketSide side(final boolean isServer, final WebSocketContext context) {
        final ConnectionContext settings =
                new ConnectionContext().maxMessageLength(MAX_MESSAGE_LENGTH).conclude();
        return isServer
                ? WebSocketSide.server(SERVER, context, settings)
                : WebSocketSide.client(CLIENT, context, settings);
    }

    static EndRig open(final boolean isServer, final WebSocketContext context) {
        final EndRig rig = new EndRig(isServer, context);
        rig.shake("");
        rig.end.onOpen(rig.link.connection());
        return rig;
    }

    static CloseReport report(final CloseReason reason) {
        return new CloseReport(reason, "", Optional.empty(), 0, 0, 0);
    }

    /** The opening handshake, with header fields more; returns how much of the peer's words was taken. */
    int shake(final String fields) {
        messages = end.forms().get(FrameForms.BINARY);
        decoder = messages.newDecoder();
        end.begin(link);
        final String head;
        if (isServer) {
            head = OpeningTest.REQUEST;
        } else {
            final String asked = StandardCharsets.ISO_8859_1
                    .decode(end.opening().duplicate())
                    .toString();
            final String key =
                    asked.replaceFirst("(?s).*Sec-WebSocket-Key: ", "").replaceFirst("(?s)\r\n.*", "");
            head = OpeningTest.answerTo(key);
        }
        final byte[] words = OpeningTest.bytes(head.replaceFirst("\r\n\r\n$", "\r\n" + fields + "\r\n"));
        return end.open(ByteBuffer.wrap(words), 0, words.length);
    }

    WebSocket webSocket() {
        return end.webSocket();
    }

    /** What the connection sends by itself, to look whether the peer is there. */
    ByteBuffer heartbeat() {
        return messages.heartbeat().orElseThrow();
    }

    /** A short frame, by the key 0 if it has to be masked. */
    byte[] frame(final int first, final byte... payload) {
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + (isServer ? 6 : 2))
                .put((byte) first)
                .put((byte) (payload.length | (isServer ? 0x80 : 0)));
        return frame.position(frame.capacity() - payload.length).put(payload).array();
    }

    /** Frames that come in one piece, at some offset; returns how many bytes of them were taken. */
    int receive(final byte[]... frames) {
        final ByteBuffer source = ByteBuffer.allocate(1_000).position(3);
        for (final byte[] frame : frames) {
            source.put(frame);
        }
        return decoder.decode(source, 3, source.position(), this);
    }

    void receive(final int first, final byte... payload) {
        final byte[] frame = frame(first, payload);
        assertEquals(frame.length, receive(new byte[][] {frame}));
    }

    void receive(final int first, final String payload) {
        receive(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
        end.onMessage(link.connection(), buffer, offset, length);
        return goesOn;
    }

    @Override
    public boolean onEvent(final Runnable callback) {
        callback.run();
        return goesOn;
    }

    private void tell(final WebSocket webSocket, final String what) {
        assertEquals(webSocket(), webSocket);
        events.add(what);
    }

    @Override
    public void onOpen(final WebSocket webSocket) {
        tell(webSocket, "open");
    }

    @Override
    public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
        tell(webSocket, "text " + WebSocketHandler.text(utf8, offset, length));
    }

    @Override
    public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
        tell(webSocket, "binary " + WebSocketHandler.text(buffer, offset, length));
    }

    @Override
    public void onPiece(
            final WebSocket webSocket,
            final boolean text,
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final boolean last) {
        tell(
                webSocket,
                (last ? "last " : "piece ")
                        + (text ? "text " : "binary ")
                        + WebSocketHandler.text(buffer, offset, length));
    }

    @Override
    public void onPing(final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {
        tell(webSocket, "ping " + WebSocketHandler.text(payload, offset, length));
    }

    @Override
    public void onPong(final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {
        tell(webSocket, "pong " + WebSocketHandler.text(payload, offset, length));
    }

    @Override
    public void onWritable(final WebSocket webSocket) {
        tell(webSocket, "writable");
    }

    @Override
    public void onSlowConsumer(final WebSocket webSocket) {
        tell(webSocket, "slow");
    }

    @Override
    public void onIdle(final WebSocket webSocket, final IdleKind kind) {
        tell(webSocket, "idle " + kind);
    }

    @Override
    public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
        tell(webSocket, "closed " + code + " " + reason + " " + report.reason());
    }

    @Override
    public void onFailed(final Connection connection, final CloseReport report) {
        assertEquals(link.connection(), connection);
        events.add("failed " + report.reason());
    }
}
