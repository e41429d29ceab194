package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.session.SessionCacheContext;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.LineProtocol;
import io.millrace.transport.tls.TlsContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GnuTLS and stunnel on either side, and nginx; clients of nginx and of stunnel resume all at once. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherPeersInteropTest {
    private static final long DEADLINE_S = 20;
    private static final int LONGEST_LINE = 1_000;
    private static final int AT_ONCE = 20;
    private static TestAuthority authority;
    private static TestAuthority.Issued server;

    @TempDir
    Path directory;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        // GnuTLS wants more than the JDK writes of an EC key.
        server = authority.issue(
                "RSA", Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(1)), "localhost");
    }

    @BeforeEach
    void write() throws Exception {
        TestAuthority.write(
                directory.resolve("ca.pem"),
                "CERTIFICATE",
                authority.certificate().getEncoded());
        server.writeChain(directory, "server.pem");
        server.writeKey(directory, "server-key.pem");
    }

    private static TransportContext lines() {
        return new TransportContext()
                .connectionContext(
                        new ConnectionContext().protocol(new LineProtocol(LONGEST_LINE, LineProtocol.Ending.LF)));
    }

    private static Transport transport(final TlsContext tls) {
        return new Transport(lines().tlsContext(tls));
    }

    private static TlsContext asking() {
        return new TlsContext()
                .trust(authority.trust())
                .sessionCacheContext(new SessionCacheContext().maxTicketsPerKey(AT_ONCE));
    }

    private static int listen(final Transport transport, final String scheme, final Lines handler) {
        return transport
                .listen(URI.create(scheme + "://localhost:0"), () -> handler)
                .address()
                .getPort();
    }

    /** For programs that can't choose one themselves: another could take it before they do, and then they say so. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(final String what, final LongSupplier count, final long wanted) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (count.getAsLong() < wanted) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(what + ": " + count.getAsLong() + " of " + wanted);
            }
            Thread.onSpinWait();
        }
    }

    private static void awaitListening(final Peer peer, final int port) {
        await("listening, it says " + peer, () -> isListening(port) ? 1 : 0, 1);
    }

    private static String ask(final Connection connection, final Lines lines, final String line) throws Exception {
        connection.offer(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
        return lines.lines.poll(DEADLINE_S, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3", "1.2"})
    void shouldServeGnutlsAndLetItResume(final String version) throws Exception {
        DebianPackages.assumeThere("gnutls-cli", "gnutls-bin");
        final Lines lines = new Lines(true);
        try (Transport transport =
                        transport(new TlsContext().identity(server.identity()).applicationProtocols("lines"));
                Peer client = Peer.of(
                        directory,
                        "gnutls-cli",
                        "--x509cafile=ca.pem",
                        "--alpn=lines",
                        "--resume",
                        "--waitresumption",
                        "--priority=NORMAL:-VERS-ALL:+VERS-TLS" + version,
                        "--port=" + listen(transport, "tls", lines),
                        "localhost")) {
            client.await("This is a resumed session");
            client.await("The certificate is trusted");
            client.await("Application protocol: lines");
            client.say("hello");
            client.await("echo hello");
            assertEquals("TLSv" + version, lines.tls().protocol());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3", "1.2"})
    void shouldTalkToAGnutlsServerAndResumeThere(final String version) throws Exception {
        DebianPackages.assumeThere("gnutls-serv", "gnutls-bin");
        final int port = freePort();
        try (Peer peer = Peer.of(
                        directory,
                        "gnutls-serv",
                        "--echo",
                        "--port=" + port,
                        "--x509certfile=server.pem",
                        "--x509keyfile=server-key.pem",
                        "--priority=NORMAL:-VERS-ALL:+VERS-TLS" + version);
                Transport transport = transport(asking())) {
            peer.await("listening on IPv4");
            for (int i = 0; i < 3; i++) {
                final Lines lines = new Lines(false);
                final Connection connection = transport
                        .connect(URI.create("tls://localhost:" + port), lines)
                        .get(DEADLINE_S, TimeUnit.SECONDS);
                assertEquals("hello", ask(connection, lines, "hello"));
                assertEquals("TLSv" + version, lines.tls().protocol());
                assertEquals(i > 0, lines.tls().resumed(), "connection " + i);
                connection.close();
                lines.report();
            }
        }
    }

    /**
     * A round of connections at once; each says a line and gets one. Their hellos are held back until all are built:
     * otherwise the last take the tickets of the first, for TLS 1.2 has one as soon as a handshake is done.
     */
    private static long resumedOf(
            final Transport transport,
            final TlsContext tls,
            final TicketRelay relay,
            final String line,
            final String answer)
            throws Exception {
        relay.hold(AT_ONCE);
        final List<Lines> all = new ArrayList<>();
        final List<CompletableFuture<Connection>> futures = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            final Lines lines = new Lines(false);
            all.add(lines);
            futures.add(transport.connect(URI.create("tls://localhost:" + relay.port()), lines));
        }
        long resumed = 0;
        for (int i = 0; i < AT_ONCE; i++) {
            final Connection connection = futures.get(i).get(DEADLINE_S, TimeUnit.SECONDS);
            connection.offer(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            String got = all.get(i).lines.poll(DEADLINE_S, TimeUnit.SECONDS);
            while (got != null && !got.startsWith(answer)) {
                got = all.get(i).lines.poll(DEADLINE_S, TimeUnit.SECONDS);
            }
            final boolean isResumed = all.get(i).tls().resumed();
            // nginx says itself what it did.
            assertEquals(got, got != null && got.startsWith("reused") ? (isResumed ? "reused r" : "reused .") : answer);
            resumed += isResumed ? 1 : 0;
        }
        await("tickets", () -> tls.resumptionStats().orElseThrow().tickets().resident(), AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            futures.get(i).get().close();
            all.get(i).report();
        }
        return resumed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldResumeAllAtOnceAtNginx(final String protocol) throws Exception {
        DebianPackages.assumeThere("nginx", "nginx-light");
        final int port = freePort();
        final StringBuilder temporary = new StringBuilder();
        for (final String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            temporary.append(kind).append("_temp_path ").append(directory).append("; ");
        }
        final Path configuration = Files.writeString(
                directory.resolve("nginx.conf"),
                "daemon off; master_process off; pid " + directory.resolve("nginx.pid") + "; error_log stderr;"
                        + " events {} http { access_log off; " + temporary + " server { listen 127.0.0.1:" + port
                        + " ssl; ssl_protocols " + protocol + "; ssl_certificate " + directory.resolve("server.pem")
                        + "; ssl_certificate_key " + directory.resolve("server-key.pem")
                        + "; location / { return 200 \"reused $ssl_session_reused\\n\"; } } }\n");
        final TlsContext tls = asking();
        try (Peer peer = Peer.of(directory, "/usr/sbin/nginx", "-c", configuration.toString());
                TicketRelay relay = new TicketRelay(port);
                Transport transport = transport(tls)) {
            awaitListening(peer, port);
            // As HTTP 0.9 asks: in one line, without a version.
            final String request = "GET /";
            assertEquals(0, resumedOf(transport, tls, relay, request, "reused"));
            assertEquals(AT_ONCE, resumedOf(transport, tls, relay, request, "reused"));
        }
    }

    @Test
    void shouldServeStunnelAndLetItResume() throws Exception {
        DebianPackages.assumeThere("stunnel4", "stunnel4");
        final int port = freePort();
        try (Transport transport = transport(new TlsContext().identity(server.identity()))) {
            final int tlsPort = transport
                    .listen(URI.create("tls://localhost:0"), () -> new Lines(true))
                    .address()
                    .getPort();
            final Path configuration = Files.writeString(
                    directory.resolve("stunnel.conf"),
                    "foreground = yes\ndebug = info\npid =\n[echo]\nclient = yes\naccept = 127.0.0.1:" + port
                            + "\nconnect = localhost:" + tlsPort
                            + "\nCAfile = ca.pem\nverifyChain = yes\ncheckHost = localhost\n");
            try (Peer peer = Peer.of(directory, "stunnel4", configuration.toString())) {
                awaitListening(peer, port);
                for (int i = 0; i < 2; i++) {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
                        final BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                        assertEquals("echo hello", in.readLine());
                    }
                }
                peer.await("TLS connected: previous session reused");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldResumeAllAtOnceAtStunnel(final String protocol) throws Exception {
        DebianPackages.assumeThere("stunnel4", "stunnel4");
        final int port = freePort();
        final TlsContext tls = asking();
        try (Transport echo = new Transport(lines())) {
            final int echoPort = echo.listen(URI.create("tcp://localhost:0"), () -> new Lines(true))
                    .address()
                    .getPort();
            final Path configuration = Files.writeString(
                    directory.resolve("stunnel.conf"),
                    "foreground = yes\ndebug = info\npid =\n[echo]\naccept = 127.0.0.1:" + port
                            + "\nconnect = localhost:" + echoPort + "\ncert = server.pem\nkey = server-key.pem"
                            + "\nsslVersion = " + protocol + "\n");
            try (Peer peer = Peer.of(directory, "stunnel4", configuration.toString());
                    TicketRelay relay = new TicketRelay(port);
                    Transport transport = transport(tls)) {
                awaitListening(peer, port);
                assertEquals(0, resumedOf(transport, tls, relay, "hello", "echo hello"));
                assertEquals(AT_ONCE, resumedOf(transport, tls, relay, "hello", "echo hello"), peer::toString);
            }
        }
    }

    private static boolean isListening(final int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (final IOException ex) {
            return false;
        }
    }
}
