package io.millrace.tests.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReason;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Java's other WebSockets at either end: plain and over TLS, with compression and without, closed by either side. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaPeersInteropTest {
    private static final long DEADLINE_S = 30;
    private static final Map<String, Peer> PEERS = Map.of(
            "Netty", new NettyPeer(),
            "Jetty", new JettyPeer(),
            "Java-WebSocket", new JavaWebSocketPeer(),
            "JDK", new JdkPeer(),
            "Millrace", new MillracePeer());
    private static SSLContext certificate;

    @BeforeAll
    static void make() throws GeneralSecurityException {
        certificate = SelfSignedCertificate.sslContext();
    }

    private static Stream<Arguments> ways(final Stream<String> peers) {
        final List<Arguments> all = new ArrayList<>();
        peers.sorted().forEach(peer -> {
            for (int i = 0; i < 8; i++) {
                final boolean deflate = (i & 2) != 0;
                if (!deflate || !peer.equals("JDK")) {
                    all.add(Arguments.of(peer, (i & 1) == 0 ? "ws" : "wss", deflate, (i & 4) == 0));
                }
            }
        });
        return all.stream();
    }

    static Stream<Arguments> clients() {
        return ways(PEERS.keySet().stream());
    }

    static Stream<Arguments> servers() {
        return ways(PEERS.keySet().stream().filter(peer -> !peer.equals("JDK")));
    }

    private static SSLContext tls(final String scheme) {
        return scheme.equals("wss") ? certificate : null;
    }

    @ParameterizedTest(name = "{0} {1} deflate={2} endsItself={3}")
    @MethodSource("clients")
    void shouldServe(final String peer, final String scheme, final boolean deflate, final boolean endsItself)
            throws Exception {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        try (MillracePeer.Server server = new MillracePeer().serve(tls(scheme), deflate);
                Peer.Talking talking = PEERS.get(peer)
                        .talk(
                                URI.create(scheme + "://localhost:" + server.port() + "/"),
                                tls(scheme),
                                deflate,
                                events)) {
            Steps.play(talking, events, endsItself);
            final Echo.End end = server.last.ended.get(DEADLINE_S, TimeUnit.SECONDS);

            assertEquals(deflate, server.last.opened.join().isCompressed());
            assertEquals(endsItself ? 4001 : 3000, end.code());
            assertEquals(
                    endsItself ? CloseReason.PEER_CLOSE : CloseReason.LOCAL_CLOSE,
                    end.report().reason(),
                    end.report().detail());
        }
    }

    @ParameterizedTest(name = "{0} {1} deflate={2} endsItself={3}")
    @MethodSource("servers")
    void shouldTalkTo(final String peer, final String scheme, final boolean deflate, final boolean endsItself)
            throws Exception {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        try (Peer.Serving server = PEERS.get(peer).serve(tls(scheme), deflate);
                Peer.Talking talking = new MillracePeer()
                        .talk(
                                URI.create(scheme + "://localhost:" + server.port() + "/"),
                                tls(scheme),
                                deflate,
                                events)) {
            Steps.play(talking, events, endsItself);
        }
    }
}
