package io.millrace.tests.tls;

import io.millrace.transport.tls.TlsIdentity;
import io.millrace.transport.tls.TlsTrust;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** An authority in memory that issues certificates: good ones, and bad ones of every kind. */
public final class TestAuthority {
    private static final Duration DAY = Duration.ofDays(1);

    /** What was issued: a key and its chain, without the authority's own certificate. */
    public record Issued(PrivateKey key, X509Certificate certificate) {
        public TlsIdentity identity() {
            return TlsIdentity.of(key, List.of(certificate));
        }

        /** The JDK's, as it comes, with this key. */
        public SSLContext servingContext() throws Exception {
            final char[] password = "in memory only".toCharArray();
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, password, new X509Certificate[] {certificate});
            final KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, password);
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }

        public SSLEngine serverEngine() throws Exception {
            final SSLEngine engine = servingContext().createSSLEngine();
            engine.setUseClientMode(false);
            return engine;
        }

        public String sha256() throws GeneralSecurityException {
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        }

        public Path writeChain(final Path directory, final String name) throws Exception {
            return write(directory.resolve(name), "CERTIFICATE", certificate.getEncoded());
        }

        public Path writeKey(final Path directory, final String name) throws IOException {
            return write(directory.resolve(name), "PRIVATE KEY", key.getEncoded());
        }
    }

    private final KeyPair pair = pair("EC");
    private final X500Name name;
    private final X509Certificate certificate;

    public TestAuthority(final String commonName) throws Exception {
        name = new X500Name("CN=" + commonName);
        certificate =
                certificate(name, pair, Instant.now().minus(DAY), Instant.now().plus(DAY), true);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public TlsTrust trust() {
        return TlsTrust.of(List.of(certificate));
    }

    /** The JDK's, as it comes, with nothing but trust in this authority. */
    public SSLContext trustingContext() throws Exception {
        final KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("authority", certificate);
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Good for a day. */
    public Issued issue(final String... hosts) throws Exception {
        return issue("EC", Instant.now().minus(DAY), Instant.now().plus(DAY), hosts);
    }

    public Issued issue(final String keyType, final Instant from, final Instant to, final String... hosts)
            throws Exception {
        final KeyPair own = pair(keyType);
        return new Issued(own.getPrivate(), certificate(new X500Name("CN=" + hosts[0]), own, from, to, false, hosts));
    }

    /** What an OCSP responder would say of a certificate, signed by this authority: good for an hour from then. */
    public byte[] ocspResponse(final X509Certificate of, final boolean revoked, final Instant from) throws Exception {
        final X509CertificateHolder own = new JcaX509CertificateHolder(certificate);
        final CertificateID id = new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                own,
                of.getSerialNumber());
        final BasicOCSPRespBuilder basic = new BasicOCSPRespBuilder(new RespID(own.getSubject()))
                .addResponse(
                        id,
                        revoked ? new RevokedStatus(Date.from(from)) : CertificateStatus.GOOD,
                        Date.from(from),
                        Date.from(from.plus(Duration.ofHours(1))),
                        null);
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        basic.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()),
                                null,
                                Date.from(from)))
                .getEncoded();
    }

    /** A key for whom another certificate was issued, as a certificate with wrong dates can't be made an identity. */
    static KeyPair pair(final String type) throws GeneralSecurityException {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        if (!type.startsWith("Ed")) {
            generator.initialize(type.equals("EC") ? 256 : 2048);
        }
        return generator.generateKeyPair();
    }

    private X509Certificate certificate(
            final X500Name subject,
            final KeyPair own,
            final Instant from,
            final Instant to,
            final boolean authority,
            final String... hosts)
            throws Exception {
        final JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, new BigInteger(64, new SecureRandom()), Date.from(from), Date.from(to), subject, own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (hosts.length > 0) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(Stream.of(hosts)
                            .map(host -> new GeneralName(
                                    host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, host))
                            .toArray(GeneralName[]::new)));
        }
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (final OperatorCreationException ex) {
            throw new GeneralSecurityException(ex);
        }
    }

    /** Writes a PEM file. */
    static Path write(final Path file, final String label, final byte[] bytes) throws IOException {
        return Files.writeString(file, pem(label, bytes));
    }

    static String pem(final String label, final byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }
}
