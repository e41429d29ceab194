package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.LineProtocol;
import io.millrace.transport.tls.ClientAuthentication;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL's s_client and s_server on the other side. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpensslInteropTest {
    private static final long DEADLINE_S = 30;
    private static final int LONGEST_LINE = 1_000;
    private static TestAuthority authority;
    private static TestAuthority.Issued server;
    private static TestAuthority.Issued person;

    @TempDir
    Path directory;

    @BeforeAll
    static void issue() throws Exception {
        assumeTrue(Peer.isOpensslThere(), "SKIPPED: there is no openssl to talk to");
        authority = new TestAuthority("authority");
        server = authority.issue("localhost");
        person = authority.issue("person.example");
    }

    @BeforeEach
    void write() throws Exception {
        TestAuthority.write(
                directory.resolve("ca.pem"),
                "CERTIFICATE",
                authority.certificate().getEncoded());
        server.writeChain(directory, "server.pem");
        server.writeKey(directory, "server-key.pem");
        person.writeChain(directory, "person.pem");
        person.writeKey(directory, "person-key.pem");
    }

    private static Transport transport(final TlsContext tls) {
        return new Transport(new TransportContext()
                .tlsContext(tls)
                .connectionContext(
                        new ConnectionContext().protocol(new LineProtocol(LONGEST_LINE, LineProtocol.Ending.LF))));
    }

    private static TlsContext serving() {
        return new TlsContext().identity(server.identity()).trust(authority.trust());
    }

    private static int listen(final Transport transport, final Lines handler) {
        return transport
                .listen(URI.create("tls://localhost:0"), () -> handler)
                .address()
                .getPort();
    }

    private Peer client(final int port, final String more) throws Exception {
        return Peer.openssl(
                directory, "s_client -connect localhost:" + port + " -CAfile ca.pem -verify_return_error " + more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_3", "1_2"})
    void shouldServeAClientAndSeeItsProperEnd(final String version) throws Exception {
        final Lines lines = new Lines(true);
        try (Transport transport = transport(serving().applicationProtocols("h9", "lines"));
                Peer client = client(listen(transport, lines), "-tls" + version + " -alpn x,lines")) {
            client.await("Verify return code: 0");
            client.await("ALPN protocol: lines");
            client.say("hello");
            client.await("echo hello");
            assertEquals("TLSv" + version.replace('_', '.'), lines.tls().protocol());
            assertEquals(Optional.of("lines"), lines.tls().applicationProtocol());
            client.endInput();
            assertEquals(
                    CloseReason.PEER_CLOSE,
                    lines.report().reason(),
                    lines.report().detail());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_3", "1_2"})
    void shouldLetAClientResumeByItsFile(final String version) throws Exception {
        try (Transport transport = transport(serving())) {
            for (int i = 0; i < 2; i++) {
                final Lines lines = new Lines(true);
                final String session = i == 0 ? " -sess_out session.pem" : " -sess_in session.pem";
                try (Peer client = client(listen(transport, lines), "-tls" + version + session)) {
                    client.await(i == 0 ? "New, " : "Reused, ");
                    client.say("hello");
                    client.await("echo hello");
                    assertEquals(i == 1, lines.tls().resumed());
                    client.say("Q");
                    lines.report();
                }
            }
        }
    }

    @Test
    void shouldShowTheCertificateOfTheNameThatAClientAsksFor() throws Exception {
        final TlsContext names = serving()
                .identity("other.example", authority.issue("other.example").identity());
        try (Transport transport = transport(names)) {
            final int port = listen(transport, new Lines(true));
            try (Peer client = client(port, "-servername other.example -verify_hostname other.example")) {
                client.await("Verify return code: 0");
            }
            try (Peer client = client(port, "-servername unknown.example -verify_hostname other.example")) {
                client.await("[Hh]ostname mismatch");
            }
        }
    }

    @Test
    void shouldAskAClientForItsCertificate() throws Exception {
        try (Transport transport = transport(serving().clientAuthentication(ClientAuthentication.NEED))) {
            final Lines known = new Lines(true);
            try (Peer client = client(listen(transport, known), "-cert person.pem -key person-key.pem")) {
                client.say("hello");
                client.await("echo hello");
                assertEquals(
                        person.certificate(), known.tls().peerCertificates().get(0));
            }
            final Lines unknown = new Lines(true);
            try (Peer client = client(listen(transport, unknown), "-tls1_3")) {
                client.await("alert (bad certificate|certificate required)");
                assertTrue(unknown.report().detail().contains("the client has no certificate"));
            }
        }
    }

    @Test
    void shouldFollowAClientsKeyUpdates() throws Exception {
        final Lines lines = new Lines(true);
        try (Transport transport = transport(serving());
                Peer client = client(listen(transport, lines), "-tls1_3")) {
            client.await("Verify return code: 0");
            int updates = 0;
            for (final String update : List.of("k", "K", "k")) {
                client.say(update);
                client.await("(?s)(KEYUPDATE.*){" + ++updates + "}");
            }
            client.say("hello");
            client.await("echo hello");
        }
    }

    /** Of the last group our hello has no share, so that the server asks for another hello. */
    @ParameterizedTest
    @CsvSource({"1_3, X25519", "1_2, P-256", "1_3, P-521"})
    void shouldTalkToAServerAndResumeThere(final String version, final String group) throws Exception {
        try (Peer peer = Peer.openssl(
                        directory,
                        "s_server -accept 127.0.0.1:0 -cert server.pem -key server-key.pem -rev -groups " + group
                                + " -tls" + version);
                Transport transport = transport(new TlsContext().trust(authority.trust()))) {
            final URI uri = URI.create("tls://localhost:" + peer.await("ACCEPT 127.0.0.1:(\\d+)"));
            for (int i = 0; i < 3; i++) {
                final Lines lines = new Lines(false);
                final Connection connection = transport.connect(uri, lines).get(DEADLINE_S, TimeUnit.SECONDS);
                connection.offer(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
                assertEquals("olleh", lines.lines.poll(DEADLINE_S, TimeUnit.SECONDS));
                assertEquals("TLSv" + version.replace('_', '.'), lines.tls().protocol());
                assertEquals(i > 0, lines.tls().resumed(), "connection " + i);
                connection.close();
                assertEquals(CloseReason.LOCAL_CLOSE, lines.report().reason());
            }
        }
    }

    @Test
    void shouldAgreeWithAServerFollowItsKeyUpdatesAndTellThatItWentWithoutAWord() throws Exception {
        try (Peer peer = Peer.openssl(
                        directory,
                        "s_server -accept 127.0.0.1:0 -cert server.pem -key server-key.pem -tls1_3 -alpn lines");
                Transport transport =
                        transport(new TlsContext().trust(authority.trust()).applicationProtocols("x", "lines"))) {
            final URI uri = URI.create("tls://localhost:" + peer.await("ACCEPT 127.0.0.1:(\\d+)"));
            final Lines lines = new Lines(false);
            final Connection connection = transport.connect(uri, lines).get(DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(Optional.of("lines"), lines.tls().applicationProtocol());
            int updates = 0;
            for (final String update : List.of("k", "K", "k")) {
                peer.say(update);
                // It sees to its input first, and takes all that is there for one command.
                final String seen = "update " + ++updates;
                connection.offer(ByteBuffer.wrap(seen.getBytes(StandardCharsets.US_ASCII)));
                peer.await(seen);
                peer.say("after " + update);
                assertEquals("after " + update, lines.lines.poll(DEADLINE_S, TimeUnit.SECONDS));
            }
            connection.offer(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            peer.await("hello");
            peer.say("q");
            assertEquals(
                    CloseReason.TRUNCATED,
                    lines.report().reason(),
                    lines.report().detail());
        }
    }

    /** Its process ends, and with that its socket, without a word of TLS. */
    @ParameterizedTest
    @ValueSource(strings = {"1_3", "1_2"})
    void shouldTellAClientThatGoesWithoutAWord(final String version) throws Exception {
        final Lines lines = new Lines(true);
        try (Transport transport = transport(serving())) {
            try (Peer client = client(listen(transport, lines), "-tls" + version)) {
                client.say("hello");
                client.await("echo hello");
            }
            assertEquals(
                    CloseReason.TRUNCATED,
                    lines.report().reason(),
                    lines.report().detail());
        }
    }

    private String answerOfStapling(final byte[] staple) throws Exception {
        Files.write(directory.resolve("staple.der"), staple);
        try (Peer peer = Peer.openssl(
                        directory,
                        "s_server -accept 127.0.0.1:0 -cert server.pem -key server-key.pem -rev"
                                + " -status_file staple.der");
                Transport transport =
                        transport(new TlsContext().trust(authority.trust()).requireOcspStaple(true))) {
            final URI uri = URI.create("tls://localhost:" + peer.await("ACCEPT 127.0.0.1:(\\d+)"));
            final Lines lines = new Lines(false);
            final Connection connection = transport.connect(uri, lines).get(DEADLINE_S, TimeUnit.SECONDS);
            connection.offer(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            return lines.lines.poll(DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldTakeAGoodStapleAndNoOther() throws Exception {
        final Instant now = Instant.now();
        assertEquals("olleh", answerOfStapling(authority.ocspResponse(server.certificate(), false, now)));
        for (final byte[] bad : List.of(
                authority.ocspResponse(server.certificate(), true, now),
                authority.ocspResponse(person.certificate(), false, now),
                authority.ocspResponse(server.certificate(), false, now.minus(Duration.ofHours(12))),
                new TestAuthority("stranger").ocspResponse(server.certificate(), false, now))) {
            final Exception refused = assertThrows(ExecutionException.class, () -> answerOfStapling(bad));
            assertTrue(refused.getMessage().contains("its stapled OCSP response is not good"), refused.getMessage());
        }
    }

    @Test
    void shouldShowAServerItsCertificate() throws Exception {
        try (Peer peer = Peer.openssl(
                        directory,
                        "s_server -accept 127.0.0.1:0 -cert server.pem -key server-key.pem -rev"
                                + " -Verify 1 -verify_return_error -CAfile ca.pem");
                Transport transport =
                        transport(new TlsContext().trust(authority.trust()).identity(person.identity()))) {
            final URI uri = URI.create("tls://localhost:" + peer.await("ACCEPT 127.0.0.1:(\\d+)"));
            final Lines lines = new Lines(false);
            final Connection connection = transport.connect(uri, lines).get(DEADLINE_S, TimeUnit.SECONDS);
            connection.offer(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("olleh", lines.lines.poll(DEADLINE_S, TimeUnit.SECONDS));
            assertFalse(lines.end.isDone());
            // By this word it ends the connection in the proper way.
            connection.offer(ByteBuffer.wrap("CLOSE".getBytes(StandardCharsets.US_ASCII)));
            assertEquals(
                    CloseReason.PEER_CLOSE,
                    lines.report().reason(),
                    lines.report().detail());
        }
    }
}
