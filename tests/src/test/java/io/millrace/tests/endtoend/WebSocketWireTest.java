package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Listener;
import io.millrace.transport.SocketContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.HttpAnswer;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server against a bare socket: what goes over the wire, and what becomes of peers that break the rules. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketWireTest {
    private static final String REQUEST = String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: h",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "");
    private static final int MAX_MESSAGE_LENGTH = 10_000;

    private final AtomicReference<WebSocketRecorder> last = new AtomicReference<>();
    private final Transport transport = new Transport(new TransportContext()
            .connectionContext(new ConnectionContext()
                    .maxMessageLength(MAX_MESSAGE_LENGTH)
                    .handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500))));
    private Listener listener;

    @BeforeEach
    void listen() {
        listener = transport.listen(
                URI.create("ws://localhost:0"),
                new WebSocketContext()
                        .maxPingsPerSecond(50)
                        .deflate(new DeflateContext())
                        .requestHook(request -> HttpAnswer.status(200).body("well")),
                () -> {
                    last.set(new WebSocketRecorder(true));
                    return last.get();
                });
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private Socket connect() throws IOException {
        return connect(listener);
    }

    private static Socket connect(final Listener to) throws IOException {
        final Socket socket = new Socket(to.address().getAddress(), to.address().getPort());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Recorder.DEADLINE_S));
        return socket;
    }

    private Socket open(final String fields) throws IOException {
        return upgrade(connect(), fields);
    }

    private static Socket upgrade(final Socket socket, final String fields) throws IOException {
        socket.getOutputStream().write((REQUEST + fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(socket.getInputStream().read());
        }
        assertTrue(
                head.toString(StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 101 "),
                head.toString(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** A masked frame, by the key 0. */
    private static byte[] frame(final int first, final byte... payload) {
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) 0xFE).putShort((short) payload.length);
        }
        frame.putInt(0).put(payload).flip();
        final byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static Arguments breach(final String what, final int code, final CloseReason reason, final String hex) {
        return Arguments.of(what, code, reason, hex);
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("reserved bit", 1002, CloseReason.WEBSOCKET_ERROR, "a180"),
                breach("reserved opcode", 1002, CloseReason.WEBSOCKET_ERROR, "83"),
                breach("not masked", 1002, CloseReason.WEBSOCKET_ERROR, "8101"),
                breach("continuation of nothing", 1002, CloseReason.WEBSOCKET_ERROR, "808000000000"),
                breach("illegal close code", 1002, CloseReason.WEBSOCKET_ERROR, "88820000000003ed"),
                breach("text that is not UTF-8", 1007, CloseReason.INVALID_UTF8, "818200000000c328"),
                breach("not UTF-8, before the frame is whole", 1007, CloseReason.INVALID_UTF8, "818400000000c328"),
                breach("too long", 1009, CloseReason.MESSAGE_TOO_LONG, "82fe4e2000000000"),
                breach("not compressed", 1007, CloseReason.COMPRESSION_ERROR, "c18400000000ffffffff"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void shouldCloseWithTheCodeOfTheRfcWhenARuleIsBroken(
            final String what, final int code, final CloseReason reason, final String hex) throws IOException {
        try (Socket socket = open("Sec-WebSocket-Extensions: permessage-deflate\r\n");
                Socket other = open("")) {
            socket.getOutputStream().write(HexFormat.of().parseHex(hex));
            final InputStream in = socket.getInputStream();

            assertEquals(0x88, in.read());
            final int length = in.read();
            assertEquals(code, (in.read() << 8) | in.read());
            in.readNBytes(length - 2);
            assertEquals(-1, in.read());
            socket.shutdownOutput();
            Await.until(() -> transport.counters().closed(reason) == 1, "not counted: " + reason);
            other.getOutputStream().write(frame(0x81, (byte) 'x'));
            assertArrayEquals(
                    new byte[] {(byte) 0x81, 1, 'x'}, other.getInputStream().readNBytes(3));
        }
    }

    /** A frame of some hundred bytes that inflates to thirty times the longest message. */
    @Test
    void shouldHandOverNoMorePiecesThanAreWanted() throws Exception {
        final int length = 30 * MAX_MESSAGE_LENGTH;
        final BlockingQueue<Integer> pieces = new LinkedBlockingQueue<>();
        final AtomicReference<Connection> server = new AtomicReference<>();
        final Listener pausing = transport.listen(
                URI.create("ws://localhost:0"),
                new WebSocketContext().handOverPieces(true).deflate(new DeflateContext().maxRatio(2_000)),
                () -> new WebSocketHandler() {
                    @Override
                    public void onPiece(
                            final WebSocket webSocket,
                            final boolean text,
                            final ByteBuffer buffer,
                            final int offset,
                            final int pieceLength,
                            final boolean last) {
                        server.set(webSocket.connection());
                        webSocket.connection().pauseReading();
                        pieces.add(last ? -pieceLength : pieceLength);
                    }
                });
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[length]);
        final byte[] deflated = new byte[1_000];
        final int bytes = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH) - 4;
        deflater.end();
        try (Socket socket = upgrade(connect(pausing), "Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
            socket.getOutputStream().write(frame(0xC2, Arrays.copyOf(deflated, bytes)));
            int received = 0;
            int piece;
            do {
                piece = pieces.poll(Recorder.DEADLINE_S, TimeUnit.SECONDS);
                received += Math.abs(piece);
                assertTrue(pieces.isEmpty(), "more than was wanted");
                server.get().resumeReading();
            } while (piece > 0);

            assertEquals(length, received);
        }
    }

    @Test
    void shouldCloseWhenPingsFlood() throws Exception {
        try (Socket socket = open("")) {
            for (int i = 0; i < 51; i++) {
                socket.getOutputStream().write(frame(0x89, (byte) i));
            }
            final InputStream in = socket.getInputStream();
            for (int i = 0; i < 50; i++) {
                assertArrayEquals(new byte[] {(byte) 0x8A, 1, (byte) i}, in.readNBytes(3));
            }
            assertEquals(0x88, in.read());
            in.read();
            assertEquals(1008, (in.read() << 8) | in.read());
        }
        assertEquals(CloseReason.PING_FLOOD, last.get().awaitEnd().report().reason());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"plain, 1", "compressed, 65"})
    void shouldCloseWhenEmptyFragmentsNeverEnd(final String what, final int first) throws Exception {
        try (Socket socket = open("Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
            socket.getOutputStream().write(frame(first));
            // As many as are legal, and only then the one that is not: what comes behind the end would reset the
            // stream.
            for (int i = 0; i < 128; i++) {
                socket.getOutputStream().write(frame(0x00));
            }
            final InputStream in = socket.getInputStream();

            assertEquals(0x88, in.read());
            in.read();
            assertEquals(1008, (in.read() << 8) | in.read());
        }
        assertEquals(CloseReason.FRAGMENT_FLOOD, last.get().awaitEnd().report().reason());
        assertEquals(1, transport.counters().closed(CloseReason.FRAGMENT_FLOOD));
    }

    @Test
    void shouldAnswerAPingAheadOfTheMessagesThatWait() throws Exception {
        final AtomicReference<WebSocketRecorder> server = new AtomicReference<>();
        final int waiting;
        int before = 0;
        try (Transport narrow = new Transport(new TransportContext()
                        .connectionContext(new ConnectionContext()
                                .maxMessageLength(MAX_MESSAGE_LENGTH)
                                .outboundCapacity(1024 * 1024)
                                .socketContext(new SocketContext().sendBufferLength(16 * 1024))));
                Socket socket = new Socket()) {
            final Listener own = narrow.listen(URI.create("ws://localhost:0"), new WebSocketContext(), () -> {
                server.set(new WebSocketRecorder(false));
                return server.get();
            });
            socket.setReceiveBufferSize(16 * 1024);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Recorder.DEADLINE_S));
            socket.connect(own.address());
            upgrade(socket, "");
            final ByteBuffer message = ByteBuffer.allocate(8_000);
            int accepted = 0;
            while (server.get().awaitOpen().offerBinary(message, 0, 8_000) > 0) {
                accepted++;
            }
            waiting = accepted;
            socket.getOutputStream().write(frame(0x89, (byte) 'p'));
            server.get().awaitEvent("ping p");
            final InputStream in = new BufferedInputStream(socket.getInputStream());
            int first = in.read();
            while (first == 0x82) {
                before++;
                assertEquals(8_003, in.readNBytes(8_003).length);
                first = in.read();
            }

            assertEquals(0x8A, first);
            assertArrayEquals(new byte[] {1, 'p'}, in.readNBytes(2));
        }
        assertTrue(before < waiting / 2, "before=" + before + " waiting=" + waiting);
    }

    @Test
    void shouldCloseWhenAMessageInflatesTooMuch() throws Exception {
        try (Socket socket = open("Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
            final Deflater deflater = new Deflater(9, true);
            deflater.setInput(new byte[MAX_MESSAGE_LENGTH + 1]);
            final byte[] bomb = new byte[100];
            final int length = deflater.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH) - 4;
            deflater.end();
            socket.getOutputStream().write(frame(0xC2, java.util.Arrays.copyOf(bomb, length)));
            final InputStream in = socket.getInputStream();

            assertEquals(0x88, in.read());
            in.read();
            assertEquals(1009, (in.read() << 8) | in.read());
        }
        assertEquals(
                CloseReason.MESSAGE_TOO_LONG, last.get().awaitEnd().report().reason());
    }

    @Test
    void shouldAnswerWithTheSameCodeAndEndTheStreamWhenThePeerCloses() throws Exception {
        try (Socket socket = open("")) {
            socket.getOutputStream().write(frame(0x88, (byte) 0x0F, (byte) 0xA0, (byte) 'b'));

            assertArrayEquals(
                    new byte[] {(byte) 0x88, 3, 0x0F, (byte) 0xA0, 'b'},
                    socket.getInputStream().readAllBytes());
        }
        final WebSocketRecorder.End end = last.get().awaitEnd();
        assertEquals(4000, end.code());
        assertEquals("b", end.reason());
        assertEquals(CloseReason.PEER_CLOSE, end.report().reason());
    }

    @Test
    void shouldTellOfTruncationWhenThePeerEndsWithoutACloseFrame() throws Exception {
        try (Socket socket = open("")) {
            socket.shutdownOutput();
            final WebSocketRecorder.End end = last.get().awaitEnd();

            assertEquals(1006, end.code());
            assertEquals(CloseReason.TRUNCATED, end.report().reason());
        }
    }

    @Test
    void shouldGiveUpWhenHeadersTrickle() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));

            assertEquals(-1, socket.getInputStream().read());
            assertEquals(
                    CloseReason.UPGRADE_TIMEOUT,
                    last.get().failed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS).reason());
        }
    }

    @Test
    void shouldAnswerPlainHttp() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            final String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\nwell"), answer);
        }
        assertEquals(
                CloseReason.HTTP_ANSWERED,
                last.get().failed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS).reason());
    }

    @Test
    void shouldTakeTheFirstFrameFromBehindTheRequest() throws Exception {
        try (Socket socket = connect()) {
            final ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write((REQUEST + "\r\n").getBytes(StandardCharsets.US_ASCII));
            all.write(frame(0x81, (byte) 'x'));
            socket.getOutputStream().write(all.toByteArray());
            last.get();
            final ByteArrayOutputStream seen = new ByteArrayOutputStream();
            while (!seen.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n\u0081\u0001x")) {
                final int next = socket.getInputStream().read();
                assertTrue(next >= 0, seen.toString(StandardCharsets.ISO_8859_1));
                seen.write(next);
            }
        }
    }
}
