package io.millrace.jmh;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A P-256 key and a certificate for {@code localhost}, made when asked for and good for a day. */
public final class SelfSignedCertificate {
    private static final char[] PASSWORD = "in memory only".toCharArray();

    private final PrivateKey key;
    private final X509Certificate certificate;

    private SelfSignedCertificate(final PrivateKey key, final X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /**
     * Makes a context that has the key and trusts the certificate: good for both ends.
     *
     * @return the context.
     * @throws GeneralSecurityException if the JDK lacks an algorithm.
     */
    public static SSLContext sslContext() throws GeneralSecurityException {
        return make().context();
    }

    /**
     * A context that has the key and trusts the certificate: good for both ends.
     *
     * @return the context.
     * @throws GeneralSecurityException if the JDK lacks an algorithm.
     */
    public SSLContext context() throws GeneralSecurityException {
        final KeyStore store = keyStore();
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /**
     * Makes a key and its certificate.
     *
     * @return both.
     * @throws GeneralSecurityException if the JDK lacks an algorithm.
     */
    public static SelfSignedCertificate make() throws GeneralSecurityException {
        try {
            final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            final KeyPair pair = generator.generateKeyPair();
            final X500Name name = new X500Name("CN=localhost");
            final Instant now = Instant.now();
            final JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    name,
                    pair.getPublic());
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            }));
            return new SelfSignedCertificate(
                    pair.getPrivate(),
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
        } catch (final OperatorCreationException | IOException ex) {
            throw new GeneralSecurityException("cannot make a certificate", ex);
        }
    }

    /**
     * The private key.
     *
     * @return the key.
     */
    public PrivateKey key() {
        return key;
    }

    /**
     * The certificate that the key has signed.
     *
     * @return the certificate.
     */
    public X509Certificate certificate() {
        return certificate;
    }

    private KeyStore keyStore() throws GeneralSecurityException {
        try {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("localhost", key, PASSWORD, new X509Certificate[] {certificate});
            store.setCertificateEntry("trusted", certificate);
            return store;
        } catch (final IOException ex) {
            throw new GeneralSecurityException("cannot make a key store", ex);
        }
    }
}
