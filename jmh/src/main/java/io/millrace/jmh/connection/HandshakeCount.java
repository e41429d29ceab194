package io.millrace.jmh.connection;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Sees that all peers do the same: tells full handshakes from resumed ones, whoever makes them, for only the former have a
 * certificate to check; counts those that agree on something else, or don't check the host's name. Trusts one certificate, as
 * the JDK does. Any thread.
 */
final class HandshakeCount extends X509ExtendedTrustManager {
    static final String PROTOCOL = "TLSv1.3";

    /** What the JDK's engines agree on by themselves. */
    static final String SUITE = "TLS_AES_256_GCM_SHA384";

    /** BoringSSL has no choice of suites of TLS 1.3: Conscrypt and tcnative both get this one. */
    static final String NATIVE_SUITE = "TLS_AES_128_GCM_SHA256";

    private static final String HTTPS = "HTTPS";
    private static final double FEW = 0.02;

    /** Each of a few threads has to have a first one. */
    private static final long FIRST_ONES = 20;

    private final X509ExtendedTrustManager jdk;
    private final LongAdder dials = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder unlike = new LongAdder();
    private final String suite;

    HandshakeCount(final X509Certificate trusted, final String suite) throws GeneralSecurityException {
        this.suite = suite;
        try {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("trusted", trusted);
            final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            jdk = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (final IOException ex) {
            throw new GeneralSecurityException("cannot make a key store", ex);
        }
    }

    void onDial(final String protocol, final String agreedSuite) {
        dials.increment();
        if (!protocol.equals(PROTOCOL) || !agreedSuite.equals(suite)) {
            unlike.increment();
        }
    }

    private void onFullHandshake(final SSLParameters parameters) {
        full.increment();
        if (!HTTPS.equals(parameters.getEndpointIdentificationAlgorithm())) {
            unlike.increment();
        }
    }

    /** For a side that knows by itself. */
    void onFullHandshake() {
        full.increment();
    }

    /** A row of resumed handshakes with full ones in it, or the other way round, is none. */
    void check(final boolean resumes) {
        final long all = dials.sum();
        final long others = resumes ? full.sum() : all - full.sum();
        if (others > FIRST_ONES + FEW * all || unlike.sum() > 0) {
            throw new IllegalStateException("not the handshakes to be measured: resumes=" + resumes + " dials=" + all
                    + " full=" + full.sum() + " unlike=" + unlike.sum());
        }
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
            throws CertificateException {
        onFullHandshake(engine.getSSLParameters());
        jdk.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
            throws CertificateException {
        onFullHandshake(((SSLSocket) socket).getSSLParameters());
        jdk.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType) throws CertificateException {
        throw new CertificateException("without a host to check");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
            throws CertificateException {
        jdk.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
            throws CertificateException {
        jdk.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType) throws CertificateException {
        jdk.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return jdk.getAcceptedIssuers();
    }
}
