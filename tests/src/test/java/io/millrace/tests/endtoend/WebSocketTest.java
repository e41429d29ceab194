package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.session.AttributeKey;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.IdleContext;
import io.millrace.transport.Listener;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.FragmentedMessage;
import io.millrace.transport.websocket.HttpAnswer;
import io.millrace.transport.websocket.HttpRequest;
import io.millrace.transport.websocket.HttpResponse;
import io.millrace.transport.websocket.HttpRoutes;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on real sockets, with and without TLS, whoever drives. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketTest {
    private static final WebSocketContext PLAIN = new WebSocketContext();

    static Stream<Arguments> ways() {
        return Ways.all("ws", "wss");
    }

    /** A server that echoes, and a client. */
    private static final class Pair implements AutoCloseable {
        final WebSocketRecorder server = new WebSocketRecorder(true);
        final WebSocketRecorder client = new WebSocketRecorder(false);
        final DrivenTransport driven;
        final URI uri;
        final SSLContext certificate = certificate();
        WebSocket webSocket;

        Pair(
                final Driving driving,
                final String scheme,
                final ConnectionContext settings,
                final WebSocketContext forServer) {
            driven = new DrivenTransport(new TransportContext()
                    .driving(driving)
                    .connectionContext(settings)
                    .tlsContext(new TlsContext().sslContext(certificate)));
            final Listener listener =
                    driven.transport.listen(URI.create(scheme + "://localhost:0/echo"), forServer, () -> server);
            uri = URI.create(scheme + "://localhost:" + listener.address().getPort() + "/echo?q=1");
        }

        private static SSLContext certificate() {
            try {
                return SelfSignedCertificate.sslContext();
            } catch (final GeneralSecurityException ex) {
                throw new IllegalStateException(ex);
            }
        }

        Pair connect(final WebSocketContext forClient) throws Exception {
            webSocket = driven.transport.connect(uri, forClient, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            return this;
        }

        @Override
        public void close() {
            driven.close();
        }
    }

    private static Pair open(final Driving driving, final String scheme) throws Exception {
        return new Pair(driving, scheme, new ConnectionContext(), PLAIN).connect(PLAIN);
    }

    private static ByteBuffer utf8(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldEchoMessagesOfAllKindsAndLengths(final Driving driving, final String scheme) throws Exception {
        try (Pair pair = open(driving, scheme)) {
            final WebSocket client = pair.webSocket;
            assertTrue(client.offerText("grüß Gott") > 0);
            assertTrue(client.offerBinary(ByteBuffer.allocate(0)) > 0);
            for (final int length : new int[] {1, 125, 126, 65_535, 65_536, 200_000}) {
                assertTrue(client.binaries().send(ByteBuffer.allocate(length), TimeUnit.SECONDS.toNanos(30)) > 0);
            }
            assertTrue(client.connection().offer(ByteBuffer.allocate(77)) > 0);
            pair.client.awaitEvent("binary 77");

            assertEquals(
                    List.of(
                            "text grüß Gott",
                            "binary 0",
                            "binary 1",
                            "binary 125",
                            "binary 126",
                            "binary 65535",
                            "binary 65536",
                            "binary 200000",
                            "binary 77"),
                    List.copyOf(pair.client.events));
            assertEquals("/echo", pair.server.awaitOpen().request().path());
            assertEquals("q=1", pair.server.awaitOpen().request().query());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldTellBothSidesTheOthersCodeAndReasonWhenClosed(final Driving driving, final String scheme)
            throws Exception {
        try (Pair pair = open(driving, scheme)) {
            pair.webSocket.offerText("last");
            pair.webSocket.close(4321, "enough");
            assertEquals(Connection.CLOSED, pair.webSocket.offerText("late"));
            final WebSocketRecorder.End server = pair.server.awaitEnd();
            final WebSocketRecorder.End client = pair.client.awaitEnd();

            assertEquals(List.of("text last"), List.copyOf(pair.server.events));
            assertEquals(4321, server.code());
            assertEquals("enough", server.reason());
            assertEquals(
                    CloseReason.PEER_CLOSE,
                    server.report().reason(),
                    server.report().detail());
            assertEquals(4321, client.code());
            assertEquals(
                    CloseReason.LOCAL_CLOSE,
                    client.report().reason(),
                    client.report().detail());
            assertEquals(0, client.report().undelivered());
            assertSameBytes(pair.webSocket, pair.server.awaitOpen());
        }
    }

    /** Of all frames, the close frames too. */
    private static void assertSameBytes(final WebSocket from, final WebSocket to) {
        assertEquals(
                from.connection().counters().bytesOut(),
                to.connection().counters().bytesIn());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldOpenAndCloseHoweverShortItsMessagesMayBe(final Driving driving, final String scheme) throws Exception {
        final ConnectionContext settings =
                new ConnectionContext().maxMessageLength(4).outboundCapacity(1024);
        try (Pair pair = new Pair(driving, scheme, settings, PLAIN).connect(PLAIN)) {
            assertTrue(pair.webSocket.offerText("four") > 0);
            pair.client.awaitEvent("text four");
            assertEquals(Connection.MESSAGE_TOO_LONG, pair.webSocket.offerText("fives"));
            final String reason = "r".repeat(123);
            pair.webSocket.close(4321, reason);
            assertEquals(reason, pair.server.awaitEnd().reason());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldCloseByTheServerToo(final Driving driving, final String scheme) throws Exception {
        try (Pair pair = open(driving, scheme)) {
            pair.server.awaitOpen().close();
            final WebSocketRecorder.End client = pair.client.awaitEnd();
            final WebSocketRecorder.End server = pair.server.awaitEnd();
            assertSameBytes(pair.server.awaitOpen(), pair.webSocket);

            assertEquals(1000, client.code());
            assertEquals(1000, server.code());
            assertEquals(
                    CloseReason.PEER_CLOSE,
                    client.report().reason(),
                    client.report().detail());
            assertEquals(
                    CloseReason.LOCAL_CLOSE,
                    server.report().reason(),
                    server.report().detail());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldSendAMessageInFragmentsWhileOthersWaitAndPingsDoNot(final Driving driving, final String scheme)
            throws Exception {
        try (Pair pair = open(driving, scheme)) {
            final FragmentedMessage message = pair.webSocket.newText().orElseThrow();
            assertEquals(Optional.empty(), pair.webSocket.newBinary());
            final ByteBuffer umlaut = utf8("ü");
            assertTrue(message.offer(umlaut, 0, 1, false) > 0);
            assertThrows(IllegalArgumentException.class, () -> message.offer(umlaut, 1, 0, true));
            assertEquals(Connection.ADMIN_ACTION, pair.webSocket.offerText("not now"));
            assertTrue(pair.webSocket.ping(utf8("p")) > 0);
            pair.client.awaitEvent("pong p");
            assertTrue(message.offer(umlaut, 1, 1, false) > 0);
            assertThrows(IllegalArgumentException.class, () -> message.offer(umlaut, 1, 1, true));
            assertTrue(message.offer(umlaut, 0, 0, true) > 0);
            assertThrows(IllegalStateException.class, () -> message.offer(umlaut, 0, 0, true));
            assertTrue(pair.webSocket.offerText("now") > 0);
            pair.client.awaitEvent("text now");

            assertEquals(List.of("pong p", "text ü", "text now"), List.copyOf(pair.client.events));
            assertEquals(List.of("ping p", "text ü", "text now"), List.copyOf(pair.server.events));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldEchoCompressedMessages(final Driving driving, final String scheme) throws Exception {
        final WebSocketContext compressing = new WebSocketContext().deflate(new DeflateContext());
        try (Pair pair = new Pair(driving, scheme, new ConnectionContext(), compressing).connect(compressing)) {
            assertTrue(pair.webSocket.isCompressed());
            final String text = "compress me ".repeat(5_000);
            final long position = pair.webSocket.offerText(text);
            pair.webSocket.offerText(text);
            pair.webSocket.offerText("short");
            pair.client.awaitEvent("text short");

            assertTrue(position < 1000, "position=" + position);
            assertEquals(List.of("text " + text, "text " + text, "text short"), List.copyOf(pair.client.events));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEchoCompressedMessagesWhenOneSideAloneKeepsItsContext(final boolean serverKeeps) throws Exception {
        final WebSocketContext compressing = new WebSocketContext()
                .deflate(new DeflateContext().serverKeepsContext(serverKeeps).clientKeepsContext(!serverKeeps));
        try (Pair pair = new Pair(Driving.THREAD, "ws", new ConnectionContext(), compressing).connect(compressing)) {
            final String text = "said before ".repeat(100);
            shouldEchoTwiceAndAShortOne(pair, text);
        }
    }

    private static void shouldEchoTwiceAndAShortOne(final Pair pair, final String text) {
        pair.webSocket.offerText(text);
        pair.webSocket.offerText(text);
        pair.webSocket.offerText("short");
        Await.until(() -> pair.client.events.size() == 3 || pair.client.closed.isDone(), "no echo");

        assertEquals(List.of("text " + text, "text " + text, "text short"), List.copyOf(pair.client.events));
    }

    @ParameterizedTest
    @CsvSource({"8, 15", "15, 8", "9, 12"})
    void shouldEchoCompressedMessagesWithinTheWindowsAgreedOn(final int serverBits, final int clientBits)
            throws Exception {
        final WebSocketContext small = new WebSocketContext()
                .deflate(new DeflateContext().serverMaxWindowBits(serverBits).clientMaxWindowBits(clientBits));
        final WebSocketContext all = new WebSocketContext().deflate(new DeflateContext());
        for (final WebSocketContext forServer : List.of(small, all)) {
            try (Pair pair = new Pair(Driving.THREAD, "ws", new ConnectionContext(), forServer)
                    .connect(forServer.equals(small) ? all : small)) {
                final String text = IntStream.range(0, 2_000)
                        .mapToObj(i -> "line " + i * i + "\n")
                        .collect(Collectors.joining());
                shouldEchoTwiceAndAShortOne(pair, text);
            }
        }
    }

    /** Random content shrinks only by referring to where it was before. */
    @ParameterizedTest
    @CsvSource({"8, 15", "15, 8"})
    void shouldKeepToItsOwnWindowAndNotToThePeers(final int serverBits, final int clientBits) throws Exception {
        final WebSocketContext windows = new WebSocketContext()
                .deflate(new DeflateContext().serverMaxWindowBits(serverBits).clientMaxWindowBits(clientBits));
        try (Pair pair = new Pair(Driving.THREAD, "ws", new ConnectionContext(), windows).connect(windows)) {
            final byte[] content = new byte[2_000];
            new Random(5).nextBytes(content);
            final ByteBuffer twice = ByteBuffer.allocate(4_000).put(content).put(content);

            assertEquals(serverBits == 8, pair.server.awaitOpen().offerBinary(twice, 0, 4_000) > 4_000);
            assertEquals(clientBits == 8, pair.webSocket.offerBinary(twice, 0, 4_000) > 4_000);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldStreamAMessageLongerThanTheLongest(final Driving driving, final String scheme) throws Exception {
        final int fragments = 40;
        final ConnectionContext settings = new ConnectionContext().maxMessageLength(1_000);
        final WebSocketContext streaming = new WebSocketContext().handOverPieces(true);
        try (Pair pair = new Pair(driving, scheme, settings, streaming).connect(PLAIN)) {
            final FragmentedMessage message = pair.webSocket.newText().orElseThrow();
            final ByteBuffer fragment = utf8("ü".repeat(500));
            for (int i = 0; i < fragments; i++) {
                final boolean last = i == fragments - 1;
                Await.until(() -> message.offer(fragment, 0, 1_000, last) > 0, "no room");
            }
            Await.until(
                    () -> pair.server.events.stream().anyMatch(event -> event.startsWith("last text ")), "not ended");

            assertEquals("ü".repeat(500 * fragments), pair.server.pieces.toString(StandardCharsets.UTF_8));
            assertTrue(pair.server.events.stream().allMatch(event -> event.contains("text ")));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldPingWhenThePeerIsSilentAndMeasureTheAnswer(final Driving driving, final String scheme) throws Exception {
        final ConnectionContext settings = new ConnectionContext()
                .idleContext(new IdleContext().heartbeatIntervalNs(TimeUnit.MILLISECONDS.toNanos(20)));
        try (Pair pair = new Pair(driving, scheme, settings, PLAIN).connect(PLAIN)) {
            final Connection connection = pair.webSocket.connection();
            Await.until(() -> connection.counters().heartbeats() >= 3, "no heartbeats");
            Await.until(() -> pair.webSocket.roundTripNs() > 0, "no answer");

            assertTrue(pair.webSocket.roundTripNs() < TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S));
            assertTrue(pair.client.events.stream().noneMatch(event -> event.startsWith("pong")), "told of heartbeats");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldMeasureTheRoundTripAtBothEndsThoughNeitherIsSilent(final Driving driving, final String scheme)
            throws Exception {
        final ConnectionContext settings = new ConnectionContext()
                .idleContext(new IdleContext().heartbeatIntervalNs(TimeUnit.MILLISECONDS.toNanos(200)));
        try (Pair pair = new Pair(driving, scheme, settings, PLAIN).connect(PLAIN)) {
            final WebSocket server = pair.server.awaitOpen();
            Await.until(
                    () -> {
                        // An echo keeps both ends from silence.
                        final int echoes = pair.client.events.size();
                        pair.webSocket.offerText("busy");
                        Await.until(() -> pair.client.events.size() > echoes, "no echo");
                        return server.roundTripNs() > 0
                                && pair.webSocket.roundTripNs() > 0
                                && server.connection().counters().heartbeats() >= 2
                                && pair.webSocket.connection().counters().heartbeats() >= 2;
                    },
                    "not measured");

            assertFalse(pair.webSocket.connection().isClosed());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldFailToConnectWhenTheServerRefuses(final Driving driving, final String scheme) throws Exception {
        final WebSocketContext refusing = new WebSocketContext()
                .upgradeHook(request -> HttpAnswer.status(302).header("Location", "/other"));
        try (Pair pair = new Pair(driving, scheme, new ConnectionContext(), refusing)) {
            final ExecutionException failure = assertThrows(ExecutionException.class, () -> pair.connect(PLAIN));

            assertTrue(failure.getMessage().contains("status=302 location=/other"), failure.getMessage());
            assertEquals(
                    CloseReason.UPGRADE_REFUSED,
                    pair.client
                            .failed
                            .get(Recorder.DEADLINE_S, TimeUnit.SECONDS)
                            .reason());
            assertEquals(
                    CloseReason.UPGRADE_REFUSED,
                    pair.server
                            .failed
                            .get(Recorder.DEADLINE_S, TimeUnit.SECONDS)
                            .reason());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldShowTheHookWhoAsksAndTheHandlersWhatWasSaid(final Driving driving, final String scheme)
            throws Exception {
        final AttributeKey<String> user = AttributeKey.of("user", String.class, String::length);
        final WebSocketContext asking = new WebSocketContext().upgradeHook((connection, request) -> {
            final String version = connection.tls().map(TlsInfo::protocol).orElse("plain");
            connection.attributes().set(user, version);
            return connection.remoteAddress().isPresent()
                            && request.fields().first("Authorization").isPresent()
                    ? HttpAnswer.upgrade().header("X-Tls", version)
                    : HttpAnswer.status(401).header("WWW-Authenticate", "Bearer");
        });
        try (Pair pair = new Pair(driving, scheme, new ConnectionContext(), asking)) {
            assertThrows(ExecutionException.class, () -> pair.connect(PLAIN));
            final HttpResponse refused = pair.client
                    .failedOn
                    .get(Recorder.DEADLINE_S, TimeUnit.SECONDS)
                    .attributes()
                    .get(WebSocket.RESPONSE);
            assertEquals(401, refused.status());
            assertEquals(Optional.of("Bearer"), refused.fields().first("www-authenticate"));
        }
        try (Pair pair = new Pair(driving, scheme, new ConnectionContext(), asking)) {
            pair.connect(
                    new WebSocketContext().header("Authorization", "Bearer x").header("Origin", "https://o"));
            final String version = scheme.equals("wss") ? "TLSv1.3" : "plain";

            assertEquals(Optional.of(version), pair.webSocket.responseFields().first("X-Tls"));
            final Connection atServer = pair.server.awaitOpen().connection();
            assertEquals(version, atServer.attributes().get(user));
            final HttpRequest request = atServer.attributes().get(WebSocket.REQUEST);
            assertEquals(Optional.of("https://o"), request.origin());
            assertEquals(Optional.of("localhost:" + pair.uri.getPort()), request.host());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldServeASiteBesideTheWebSocketOnTheSamePort(final Driving driving, final String scheme) throws Exception {
        final byte[] page = "p".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        final WebSocketContext site = new WebSocketContext()
                .requestHook(new HttpRoutes().file("/", "text/html", page).route("/health", HttpRoutes.health()));
        try (Pair pair = new Pair(driving, scheme, new ConnectionContext(), site)) {
            final HttpClient client = HttpClient.newBuilder()
                    .sslContext(pair.certificate)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            final URI root =
                    URI.create((scheme.equals("wss") ? "https" : "http") + "://localhost:" + pair.uri.getPort() + "/");
            final BodyHandler<byte[]> bytes = BodyHandlers.ofByteArray();
            final var got =
                    client.send(java.net.http.HttpRequest.newBuilder(root).build(), bytes);
            final String tag = got.headers().firstValue("ETag").orElseThrow();
            final var again = client.send(
                    java.net.http.HttpRequest.newBuilder(root)
                            .header("If-None-Match", tag)
                            .build(),
                    bytes);
            final var health = client.send(
                    java.net.http.HttpRequest.newBuilder(root.resolve("health")).build(), bytes);
            final var posted = client.send(
                    java.net.http.HttpRequest.newBuilder(root)
                            .POST(BodyPublishers.ofByteArray(new byte[100_000]))
                            .build(),
                    bytes);
            pair.connect(PLAIN).webSocket.offerText("beside");
            pair.client.awaitEvent("text beside");

            assertEquals(200, got.statusCode());
            assertArrayEquals(page, got.body());
            assertEquals(304, again.statusCode());
            assertEquals("ok\n", new String(health.body(), StandardCharsets.UTF_8));
            assertEquals(405, posted.statusCode());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldServeAHandlerThatKnowsOfNoWebSocket(final Driving driving, final String scheme) throws Exception {
        final Recorder server = new Recorder((connection, message) -> connection.offer(ByteBuffer.wrap(message)));
        final Recorder client = new Recorder();
        try (Pair pair = new Pair(driving, scheme, new ConnectionContext(), PLAIN)) {
            final int port = pair.driven
                    .transport
                    .listen(URI.create(scheme + "://localhost:0"), () -> server)
                    .address()
                    .getPort();
            final Connection connection = pair.driven
                    .transport
                    .connect(URI.create(scheme + "://localhost:" + port), client)
                    .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            connection.offer(utf8("hello"));
            Await.until(() -> !client.messages.isEmpty(), "no echo");
            connection.close();

            assertEquals("hello", new String(client.messages.peek(), StandardCharsets.UTF_8));
            assertEquals(CloseReason.LOCAL_CLOSE, client.awaitClose().reason());
            assertEquals(CloseReason.PEER_CLOSE, server.awaitClose().reason());
        }
    }
}
