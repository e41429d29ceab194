package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.tls.TestAuthority.Issued;
import io.millrace.transport.Transport;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsIdentity;
import io.millrace.transport.tls.TlsTrust;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad key, certificate, store and name is refused when it is given, with its value and its file. */
class TlsBadInputTest {
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Duration DAY = Duration.ofDays(1);
    private static TestAuthority authority;
    private static Issued good;

    @TempDir
    Path directory;

    private Path chain;
    private Path key;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        good = authority.issue("a.example");
    }

    @BeforeEach
    void write() throws Exception {
        chain = good.writeChain(directory, "chain.pem");
        key = good.writeKey(directory, "key.pem");
    }

    private static void assertRefused(final Executable call, final Object... named) {
        assertSays(assertThrows(IllegalArgumentException.class, call), named);
    }

    private static void assertUnreadable(final Executable call, final Object... named) {
        assertSays(assertThrows(UncheckedIOException.class, call), named);
    }

    private static void assertSays(final Exception ex, final Object... named) {
        for (final Object name : named) {
            assertTrue(ex.getMessage().contains(name.toString()), () -> name + " not in: " + ex.getMessage());
        }
    }

    @Test
    void shouldNameTheFileWhenItIsMissingOrUnreadable() {
        final Path missing = directory.resolve("missing.pem");
        assertUnreadable(() -> TlsIdentity.ofPem(missing, key), "certificate chain", missing);
        assertUnreadable(() -> TlsIdentity.ofPem(chain, missing), "private key", missing);
        assertUnreadable(() -> TlsIdentity.ofPem(chain, directory), directory);
        assertUnreadable(() -> TlsTrust.ofPem(missing), missing);
        assertUnreadable(() -> TlsIdentity.ofKeyStore(missing, PASSWORD), missing, "no such file");
        assertUnreadable(() -> TlsTrust.ofKeyStore(missing, PASSWORD), missing);
        assertUnreadable(() -> TlsTrust.ofKeyStore(directory, PASSWORD), directory);
    }

    @ParameterizedTest
    @CsvSource({
        "ENCRYPTED PRIVATE KEY, encrypted",
        "EC PRIVATE KEY, SEC 1",
        "RSA PRIVATE KEY, PKCS#1",
        "DSA PRIVATE KEY, DSA",
        "OPENSSH PRIVATE KEY, OpenSSH",
        "CERTIFICATE, no private key",
    })
    void shouldRefuseForeignKeyFormats(final String label, final String why) throws Exception {
        final Path file = TestAuthority.write(
                directory.resolve("foreign.pem"), label, good.key().getEncoded());
        assertRefused(() -> TlsIdentity.ofPem(chain, file), why, file);
    }

    @Test
    void shouldRefuseAnEncryptedKeyOfTheOldKind() throws Exception {
        final Path file = Files.writeString(directory.resolve("old.pem"), """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);
        assertRefused(() -> TlsIdentity.ofPem(chain, file), "encrypted", file);
    }

    @ParameterizedTest
    @CsvSource({
        "'', no PEM block",
        "'hello', no PEM block",
        "'-----BEGIN PRIVATE KEY-----\nAAAA', has no end",
        "'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END CERTIFICATE-----', does not end as it began",
        "'-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----', not base64",
        "'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', damaged",
        "'-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', no private key",
    })
    void shouldRefuseDamagedPemFiles(final String text, final String why) throws Exception {
        final Path file = Files.writeString(directory.resolve("damaged.pem"), text);
        assertRefused(() -> TlsIdentity.ofPem(chain, file), why, file);
        assertRefused(() -> TlsTrust.ofPem(file), file);
    }

    @Test
    void shouldRefuseTwoKeysInOneFile() throws Exception {
        final String pem = TestAuthority.pem("PRIVATE KEY", good.key().getEncoded());
        final Path file = Files.writeString(directory.resolve("two.pem"), pem + pem);
        assertRefused(() -> TlsIdentity.ofPem(chain, file), "more than one private key", file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void shouldRefuseAKeyThatDoesNotBelongToTheCertificate(final String keyType) throws Exception {
        final Instant now = Instant.now();
        final Issued one = authority.issue(keyType, now.minus(DAY), now.plus(DAY), "a.example");
        final Issued two = authority.issue(keyType, now.minus(DAY), now.plus(DAY), "a.example");
        final Path otherKey = two.writeKey(directory, "other.pem");
        final Path ownChain = one.writeChain(directory, "own.pem");
        assertRefused(() -> TlsIdentity.ofPem(ownChain, otherKey), "does not belong", ownChain, otherKey);
        assertRefused(() -> TlsIdentity.ofPem(ownChain, key), "does not belong", ownChain, key);
    }

    @Test
    void shouldRefuseAChainOutOfOrder() throws Exception {
        final Issued other = authority.issue("b.example");
        assertRefused(
                () -> TlsIdentity.of(good.key(), List.of(good.certificate(), other.certificate())),
                "out of order",
                "CN=b.example",
                "CN=authority");
        assertRefused(() -> TlsIdentity.of(good.key(), List.of()), "no certificate");
    }

    @Test
    void shouldRefuseACertificateThatExpiredOrIsNotValidYet() throws Exception {
        final Instant now = Instant.now();
        final Issued old = authority.issue("EC", now.minus(DAY.multipliedBy(2)), now.minus(DAY), "old.example");
        final Issued young = authority.issue("EC", now.plus(DAY), now.plus(DAY.multipliedBy(2)), "young.example");
        final Path oldChain = old.writeChain(directory, "old.pem");
        assertRefused(
                () -> TlsIdentity.ofPem(oldChain, old.writeKey(directory, "old-key.pem")),
                "expired",
                "notAfter=" + old.certificate().getNotAfter().toInstant(),
                oldChain);
        assertRefused(young::identity, "not valid yet", "notBefore=", "CN=young.example");
    }

    @Test
    void shouldRefuseAWrongPassword() throws Exception {
        final Path store = TlsFiles.keyStore(directory, "keys.p12", PASSWORD, good, "main");
        final char[] wrong = "wrong".toCharArray();
        assertRefused(() -> TlsIdentity.ofKeyStore(store, wrong), "wrong password", store);
        assertRefused(() -> TlsTrust.ofKeyStore(store, wrong), "wrong password", store);
    }

    @Test
    void shouldRefuseKeyStoresWithoutTheKey() throws Exception {
        final Path two = TlsFiles.keyStore(directory, "two.p12", PASSWORD, good, "one", "two");
        final Path none = TlsFiles.trustStore(directory, "none.p12", PASSWORD, good.certificate());
        assertRefused(() -> TlsIdentity.ofKeyStore(two, PASSWORD), "more than one key", "one", "two", two);
        assertRefused(() -> TlsIdentity.ofKeyStore(two, PASSWORD, "three"), "alias=three", "[one, two]", two);
        assertRefused(() -> TlsIdentity.ofKeyStore(none, PASSWORD), "no key", none);
        assertRefused(() -> TlsTrust.ofKeyStore(two, PASSWORD), "no trusted certificate", two);
        final Path text = Files.writeString(directory.resolve("text.p12"), "hello");
        assertRefused(() -> TlsIdentity.ofKeyStore(text, PASSWORD), "no known type", text);
    }

    @Test
    void shouldRefuseEmptyTrust() {
        assertRefused(() -> TlsTrust.of(List.of()), "no trusted certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zz", "00112233", "00:11"})
    void shouldRefuseWhatIsNoPin(final String pin) {
        assertRefused(() -> TlsTrust.system().pinned(pin), "pin=" + pin);
    }

    @Test
    void shouldRefuseUnknownNames() {
        final TlsContext context = new TlsContext();
        assertRefused(() -> context.protocols("TLSv1.1"), "protocol=TLSv1.1");
        assertRefused(() -> context.protocols("TLS 1.3"), "protocol=TLS 1.3");
        assertRefused(context::protocols, "protocols=[]");
        assertRefused(() -> context.protocols("TLSv1.3", "TLSv1.3"), "protocols=[TLSv1.3, TLSv1.3]");
        assertRefused(() -> context.applicationProtocols("h2", ""), "applicationProtocol=");
        assertRefused(() -> context.applicationProtocols("é"), "applicationProtocol=é");
        assertRefused(() -> context.applicationProtocols("x".repeat(256)), "xxx");
        assertRefused(() -> context.applicationProtocols("a", "a"), "applicationProtocols=[a, a]");
        assertRefused(() -> context.identity("no name", good.identity()), "serverName=no name");
        assertRefused(() -> context.identity("*.", good.identity()), "serverName=*.");
        assertRefused(() -> context.sessionLifetimeS(0), "sessionLifetimeS=0");
        assertRefused(() -> context.sessionLifetimeS(604_801), "sessionLifetimeS=604801");
        assertRefused(() -> new TlsContext().cipherSuites("TLS_NONE").conclude(), "cipherSuite=TLS_NONE", "SunJSSE");
        assertRefused(() -> new TlsContext().provider("Nobody").conclude(), "provider=Nobody", "installed=[");
        assertRefused(() -> new TlsContext().provider("SUN").conclude(), "provider=SUN");
    }

    @Test
    void shouldRefuseSuitesThatLeaveAProtocolWithoutOne() {
        final String of13 = "TLS_AES_128_GCM_SHA256";
        final String of12 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
        assertRefused(() -> new TlsContext().cipherSuites(of13).conclude(), "protocol=TLSv1.2", of13);
        assertRefused(() -> new TlsContext().cipherSuites(of12).conclude(), "protocol=TLSv1.3", of12);
        new TlsContext().cipherSuites(of12, of13).conclude();
        new TlsContext().protocols("TLSv1.2").cipherSuites(of12).conclude();
    }

    @Test
    void shouldRefuseAnSslContextBesideKeysOfItsOwn() throws Exception {
        final SSLContext given = SSLContext.getDefault();
        assertRefused(
                () -> new TlsContext()
                        .sslContext(given)
                        .identity(good.identity())
                        .conclude(),
                "CN=a.example");
        assertRefused(
                () -> new TlsContext()
                        .sslContext(given)
                        .trust(authority.trust())
                        .conclude(),
                "trust=given certificates");
        assertRefused(() -> new TlsContext().sslContext(given).provider("X").conclude(), "provider=X");
    }

    @Test
    void shouldRefuseChangesWhenConcluded() {
        final TlsContext context = new TlsContext().conclude();
        assertThrows(IllegalStateException.class, () -> context.verifyHostName(false));
    }

    @Test
    void shouldRefuseToListenWithoutAnIdentity() {
        try (Transport transport = new Transport()) {
            final URI uri = URI.create("tls://localhost:0");
            assertSays(
                    assertThrows(IllegalStateException.class, () -> transport.listen(uri, () -> null)),
                    "identity",
                    uri);
        }
    }

    @Test
    void shouldRefuseAKeyLogAndNameTheProviderThatGivesNoSecrets() throws Exception {
        final Path log = directory.resolve("keys.log");
        assertRefused(() -> new TlsContext().keyLogFile(log).conclude(), "keyLogFile=" + log, "provider=SunJSSE");
        final SSLContext given = authority.trustingContext();
        assertRefused(
                () -> new TlsContext().sslContext(given).keyLogFile(log).conclude(),
                "keyLogFile=" + log,
                "provider=" + given.getProvider().getName());
        assertFalse(Files.exists(log));
    }
}
