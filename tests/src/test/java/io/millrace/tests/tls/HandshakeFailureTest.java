package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.ClientAuthentication;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each side says who refused, why and by which alert, in a sentence that a person can act on. */
class HandshakeFailureTest {
    private static final String HOST = "a.example";
    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue(HOST);
    }

    private static TlsContext serving() {
        return new TlsContext().identity(issued.identity()).trust(authority.trust());
    }

    private static TlsContext asking() {
        return new TlsContext().trust(authority.trust());
    }

    private static TlsPair pair(final TlsContext client, final TlsContext server) throws Exception {
        return new TlsPair(
                        client.conclude().client(HOST, 443), server.conclude().server())
                .settle();
    }

    private static void assertSays(final String sentence, final String... parts) {
        Stream.of(parts).forEach(part -> assertTrue(sentence.contains(part), () -> part + " not in: " + sentence));
        assertEquals(1, sentence.lines().count());
    }

    @Test
    void shouldNameTheVersionsWhenNoneIsInCommon() throws Exception {
        final TlsPair pair = pair(asking().protocols("TLSv1.2"), serving().protocols("TLSv1.3"));
        assertSays(
                pair.serverRefusal(),
                "this side refuses with alert protocol_version",
                "the client offers=[TLSv1.2]",
                "ours=[TLSv1.3]");
        assertSays(pair.clientRefusal(), "the peer refuses with alert protocol_version", "ours=[TLSv1.2]");
    }

    @Test
    void shouldNameTheCipherSuitesWhenNoneIsInCommon() throws Exception {
        final TlsPair pair = pair(
                asking().protocols("TLSv1.3").cipherSuites("TLS_CHACHA20_POLY1305_SHA256"),
                serving().protocols("TLSv1.3").cipherSuites("TLS_AES_128_GCM_SHA256"));
        assertSays(
                pair.serverRefusal(),
                "this side refuses with alert handshake_failure",
                "no cipher suite in common",
                "ours=[TLS_AES_128_GCM_SHA256]");
        assertSays(
                pair.clientRefusal(),
                "the peer refuses with alert handshake_failure",
                "cipherSuites=[TLS_CHACHA20_POLY1305_SHA256]");
    }

    @Test
    void shouldNameTheApplicationProtocolsWhenNoneIsInCommon() throws Exception {
        final TlsPair pair =
                pair(asking().applicationProtocols("a", "b"), serving().applicationProtocols("c"));
        assertSays(
                pair.serverRefusal(),
                "this side refuses with alert no_application_protocol",
                "the client offers=[a, b]",
                "ours=[c]");
        assertSays(pair.clientRefusal(), "the peer refuses with alert no_application_protocol", "ours=[a, b]");
    }

    @Test
    void shouldSayInOneLineOfBoundedLengthWhatAPeerOffered() throws Exception {
        final String[] offered = IntStream.range(0, 100)
                .mapToObj(i -> i + "\n\u001b" + "x".repeat(200))
                .toArray(String[]::new);
        final TlsPair pair =
                pair(asking().applicationProtocols(offered), serving().applicationProtocols("c"));
        final String said = pair.serverRefusal();
        assertSays(said, "the client offers=[0??xx");
        assertTrue(said.chars().noneMatch(Character::isISOControl), said);
        assertTrue(said.length() < 5_000, said);
    }

    @Test
    void shouldSayThatTheClientsCertificateIsMissing() throws Exception {
        final TlsPair pair = pair(asking(), serving().clientAuthentication(ClientAuthentication.NEED));
        assertSays(
                pair.serverRefusal(),
                "this side refuses",
                "the client has no certificate",
                "clientAuthentication=NEED");
        assertSays(pair.clientRefusal(), "the peer refuses with alert", "none was sent");
    }

    @Test
    void shouldSayThatItsOwnCertificateIsNotTaken() throws Exception {
        final TlsPair byClient = pair(new TlsContext().trust(new TestAuthority("stranger").trust()), serving());
        assertSays(byClient.clientRefusal(), "this side refuses: the server's certificate is refused");
        assertSays(
                byClient.serverRefusal(),
                "the peer refuses with alert certificate_unknown",
                "it does not take this side's certificate",
                "of an authority that the peer does not trust?");
    }

    @Test
    void shouldNameTheServerNameWhenThereIsNoCertificateForIt() throws Exception {
        final TlsPair pair = pair(
                asking(),
                new TlsContext()
                        .identity(
                                "other.example",
                                authority.issue("other.example").identity()));
        assertSays(pair.serverRefusal(), "this side refuses: no certificate", "serverName=" + HOST);
    }

    @Test
    void shouldSayItInTheCloseReportAndInTheConnectsFailure() throws Exception {
        final CompletableFuture<CloseReport> end = new CompletableFuture<>();
        try (Transport server = new Transport(new TransportContext().tlsContext(serving()));
                Transport client = new Transport(new TransportContext().tlsContext(asking()))) {
            final int port = server.listen(URI.create("tls://localhost:0"), () -> new EndKeeper(end))
                    .address()
                    .getPort();
            final var connect =
                    client.connect(URI.create("tls://localhost:" + port), new EndKeeper(new CompletableFuture<>()));
            final ExecutionException failure =
                    Assertions.assertThrows(ExecutionException.class, () -> connect.get(20, TimeUnit.SECONDS));
            assertSays(
                    failure.getCause().getMessage(),
                    "this side refuses: the server's certificate is refused",
                    "host=localhost",
                    "names=[a.example]");
            final CloseReport report = end.get(20, TimeUnit.SECONDS);
            assertEquals(CloseReason.HANDSHAKE_FAILED, report.reason());
            assertSays(report.detail(), "the peer refuses with alert certificate_unknown");
        }
    }
}
