package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.tls.TestAuthority.Issued;
import io.millrace.transport.tls.ClientAuthentication;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
import io.millrace.transport.tls.TlsIdentity;
import io.millrace.transport.tls.TlsTrust;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What contexts agree on, and whom they refuse, in memory. */
class TlsContextTest {
    private static final String HOST = "a.example";
    private static final Duration DAY = Duration.ofDays(1);
    private static TestAuthority authority;
    private static Issued server;
    private static Issued person;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        server = authority.issue(HOST, "127.0.0.1");
        person = authority.issue("person.example");
    }

    private static TlsContext serving() {
        return new TlsContext().identity(server.identity()).trust(authority.trust());
    }

    private static TlsContext asking() {
        return new TlsContext().trust(authority.trust());
    }

    private static TlsPair pair(final TlsContext client, final TlsContext server) throws Exception {
        return pair(client, server, HOST);
    }

    private static TlsPair pair(final TlsContext client, final TlsContext server, final String host) throws Exception {
        return new TlsPair(
                        client.conclude().client(host, 443), server.conclude().server())
                .settle();
    }

    private static String shownBy(final TlsPair pair) {
        final X509Certificate shown =
                pair.assertOpen().client.info().peerCertificates().get(0);
        return shown.getSubjectX500Principal().getName();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, TLSv1.3 TLSv1.2", "TLSv1.3, TLSv1.3", "TLSv1.2, TLSv1.2"})
    void shouldAgreeOnTheNewestVersionThatBothSpeak(final String agreed, final String spoken) throws Exception {
        final TlsPair pair =
                pair(asking().protocols(spoken.split(" ")), serving()).assertOpen();
        assertEquals(agreed, pair.client.info().protocol());
        assertEquals(agreed, pair.server.info().protocol());
        assertFalse(pair.client.info().resumed());
        assertEquals(Optional.empty(), pair.client.info().applicationProtocol());
        assertEquals(Optional.of(HOST), pair.server.info().serverName());
        assertEquals(List.of(server.certificate()), pair.client.info().peerCertificates());
        assertEquals(List.of(), pair.server.info().peerCertificates());
    }

    @Test
    void shouldFailWhenNoVersionIsInCommon() throws Exception {
        final TlsPair pair = pair(asking().protocols("TLSv1.2"), serving().protocols("TLSv1.3"));
        assertNotNull(pair.serverRefusal());
        assertNotNull(pair.clientRefusal());
    }

    @Test
    void shouldUseTheCipherSuitesThatAreSet() throws Exception {
        final String suite = "TLS_CHACHA20_POLY1305_SHA256";
        final TlsPair pair = pair(asking().protocols("TLSv1.3").cipherSuites(suite), serving())
                .assertOpen();
        assertEquals(suite, pair.client.info().cipherSuite());
        assertNotNull(pair(
                        asking().protocols("TLSv1.3").cipherSuites(suite),
                        serving().protocols("TLSv1.3").cipherSuites("TLS_AES_128_GCM_SHA256"))
                .serverRefusal());
    }

    @Test
    void shouldAgreeOnTheServersFavouriteApplicationProtocol() throws Exception {
        final TlsPair pair = pair(
                        asking().applicationProtocols("a", "b", "c"), serving().applicationProtocols("c", "b"))
                .assertOpen();
        assertEquals(Optional.of("c"), pair.client.info().applicationProtocol());
        assertEquals(Optional.of("c"), pair.server.info().applicationProtocol());
    }

    @Test
    void shouldFailWhenNoApplicationProtocolIsInCommon() throws Exception {
        assertNotNull(pair(asking().applicationProtocols("a"), serving().applicationProtocols("b"))
                .serverRefusal());
    }

    @ParameterizedTest
    @CsvSource({
        "one.example,     CN=one.example",
        "ONE.example,     CN=one.example",
        "x.wild.example,  CN=*.wild.example",
        "own.wild.example, CN=own.wild.example",
        "other.example,   CN=a.example",
        "x.y.wild.example, CN=a.example",
        "127.0.0.1,       CN=a.example",
    })
    void shouldShowTheCertificateOfTheNameThatIsAskedFor(final String host, final String subject) throws Exception {
        final TlsContext names = serving()
                .identity("one.example", authority.issue("one.example").identity())
                .identity("*.wild.example", authority.issue("*.wild.example").identity())
                .identity(
                        "Own.wild.example", authority.issue("own.wild.example").identity());
        assertEquals(subject, shownBy(pair(asking().verifyHostName(false), names, host)));
    }

    @Test
    void shouldRefuseUnknownNamesWhenThereIsNoDefaultIdentity() throws Exception {
        final TlsContext names = new TlsContext()
                .identity("one.example", authority.issue("one.example").identity());
        assertEquals("CN=one.example", shownBy(pair(asking(), names, "one.example")));
        assertNotNull(pair(asking(), names, "two.example").serverRefusal());
    }

    @Test
    void shouldRefuseACertificateForAnotherHostAndSayForWhichItIs() throws Exception {
        final String refusal = pair(asking(), serving(), "b.example").clientRefusal();
        assertTrue(refusal.contains("host=b.example"), refusal);
        assertTrue(refusal.contains("names=[a.example, 127.0.0.1]"), refusal);
        pair(asking().verifyHostName(false), serving(), "b.example").assertOpen();
    }

    @Test
    void shouldRefuseAnUnknownAuthorityAndSayWhomItTrusts() throws Exception {
        final TlsPair pair = pair(new TlsContext().trust(new TestAuthority("stranger").trust()), serving());
        final String refusal = pair.clientRefusal();
        assertTrue(refusal.contains("issuer=CN=authority"), refusal);
        assertTrue(refusal.contains("given certificates"), refusal);
        assertTrue(pair.serverRefusal().contains("certificate_unknown"), pair.serverRefusal());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseACertificateThatExpiredOrIsNotValidYet(final boolean expired) throws Exception {
        final Instant from = Instant.now().plus(expired ? DAY.multipliedBy(-2) : DAY);
        final Issued bad = authority.issue("EC", from, from.plus(DAY), HOST);
        final SSLContext context = bad.servingContext();

        final String issued =
                pair(asking(), new TlsContext().sslContext(context)).clientRefusal();
        final String anchored = pair(
                        new TlsContext().trust(TlsTrust.of(List.of(bad.certificate()))),
                        new TlsContext().sslContext(context))
                .clientRefusal();
        final String date = expired
                ? "expired: notAfter=" + bad.certificate().getNotAfter().toInstant()
                : "not valid yet: notBefore=" + bad.certificate().getNotBefore().toInstant();
        assertTrue(issued.contains(date), issued);
        assertTrue(anchored.contains(date), anchored);
    }

    @Test
    void shouldLetInOnlyThePinnedCertificate() throws Exception {
        final String other = authority.issue(HOST).sha256();
        pair(new TlsContext().trust(authority.trust().pinned(other, server.sha256())), serving())
                .assertOpen();
        final String refusal = pair(new TlsContext().trust(authority.trust().pinned(other)), serving())
                .clientRefusal();
        assertTrue(refusal.contains("sha256=" + server.sha256().replace(":", "").toLowerCase(Locale.ROOT)), refusal);
    }

    @Test
    void shouldAskForTheClientsCertificate() throws Exception {
        final TlsContext withCertificate = asking().identity(person.identity());
        for (final ClientAuthentication asked : ClientAuthentication.values()) {
            final TlsPair pair =
                    pair(withCertificate, serving().clientAuthentication(asked)).assertOpen();
            assertEquals(
                    asked == ClientAuthentication.NONE ? List.of() : List.of(person.certificate()),
                    pair.server.info().peerCertificates());
        }
        pair(asking(), serving().clientAuthentication(ClientAuthentication.WANT))
                .assertOpen();
        final TlsPair refused = pair(asking(), serving().clientAuthentication(ClientAuthentication.NEED));
        assertNotNull(refused.serverRefusal());
        assertNotNull(refused.clientRefusal());
    }

    @Test
    void shouldRefuseAClientCertificateOfAStranger() throws Exception {
        final TlsContext stranger =
                asking().identity(TlsIdentity.of(person.key(), List.of(person.certificate(), authority.certificate())));
        final TlsContext trustsOthers = new TlsContext()
                .identity(server.identity())
                .trust(new TestAuthority("authority").trust())
                .clientAuthentication(ClientAuthentication.WANT);
        final String refusal = pair(stranger, trustsOthers).serverRefusal();
        assertTrue(refusal.contains("the client's certificate is refused"), refusal);
    }

    @Test
    void shouldLetInOnlyThePinnedClient() throws Exception {
        final TlsContext pinned = new TlsContext()
                .identity(server.identity())
                .trust(authority.trust().pinned(person.sha256()))
                .clientAuthentication(ClientAuthentication.NEED);
        pair(asking().identity(person.identity()), pinned).assertOpen();
        final Issued other = authority.issue("other.example");
        final String refusal = pair(asking().identity(other.identity()), pinned).serverRefusal();
        assertTrue(refusal.contains("the client's certificate is refused"), refusal);
        assertTrue(refusal.contains("sha256=" + other.sha256().replace(":", "").toLowerCase(Locale.ROOT)), refusal);
    }

    /** RFC 8446, section 4.2.4: a certificate that can't be checked is not shown. */
    @Test
    void shouldShowItsCertificateOnlyToWhomTrustsItsAuthority() throws Exception {
        final TlsContext trustsOthers = new TlsContext()
                .identity(server.identity())
                .trust(new TestAuthority("others").trust())
                .clientAuthentication(ClientAuthentication.WANT);
        final TlsPair pair =
                pair(asking().identity(person.identity()), trustsOthers).assertOpen();
        assertEquals(List.of(), pair.server.info().peerCertificates());
    }

    @Test
    void shouldRefuseAServerWithoutAStapleWhenOneIsRequired() throws Exception {
        final String refusal = pair(asking().requireOcspStaple(true), serving()).clientRefusal();
        assertTrue(refusal.contains("requireOcspStaple=true"), refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void shouldReadPemFiles(final String keyType, @TempDir final Path directory) throws Exception {
        final Issued issued =
                authority.issue(keyType, Instant.now().minus(DAY), Instant.now().plus(DAY), HOST);
        final Path anchors = TestAuthority.write(
                directory.resolve("ca.pem"),
                "CERTIFICATE",
                authority.certificate().getEncoded());
        final TlsPair pair = pair(
                new TlsContext().trust(TlsTrust.ofPem(anchors)),
                new TlsContext()
                        .identity(TlsIdentity.ofPem(
                                issued.writeChain(directory, "chain.pem"), issued.writeKey(directory, "key.pem"))));
        assertEquals(
                List.of(issued.certificate()), pair.assertOpen().client.info().peerCertificates());
    }

    @Test
    void shouldReadKeyStoreFiles(@TempDir final Path directory) throws Exception {
        final char[] password = "secret".toCharArray();
        final Path keys = TlsFiles.keyStore(directory, "keys.p12", password, server, "main");
        final Path anchors = TlsFiles.trustStore(directory, "trust.p12", password, authority.certificate());
        final TlsContext client = new TlsContext().trust(TlsTrust.ofKeyStore(anchors, password));
        pair(client, new TlsContext().identity(TlsIdentity.ofKeyStore(keys, password)))
                .assertOpen();
        pair(client, new TlsContext().identity(TlsIdentity.ofKeyStore(keys, password, "main")))
                .assertOpen();
    }

    @Test
    void shouldUseTheNamedProvider() throws Exception {
        pair(asking().provider("SunJSSE"), serving().provider("SunJSSE")).assertOpen();
    }

    @Test
    void shouldGiveNewConnectionsTheNewContextAndLeaveTheOldOnesAlone() throws Exception {
        final TlsContextReference reference = new TlsContextReference(serving());
        final TlsContext client = asking().conclude();
        final TlsPair old =
                new TlsPair(client.client(HOST, 443), reference.get().server());
        final Issued renewed = authority.issue(HOST);
        final TlsContext before = reference.get();
        assertSame(before, reference.swap(new TlsContext().identity(renewed.identity())));
        assertNotEquals(before, reference.get());

        assertEquals(
                List.of(server.certificate()),
                old.settle().assertOpen().client.info().peerCertificates());
        final TlsPair next =
                new TlsPair(client.client("b." + HOST, 443), reference.get().server()).settle();
        assertTrue(next.clientRefusal().contains("names=[a.example]"), "the renewed one has no address");
    }
}
