package io.millrace.transport.tls;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Both sides of a connection that trust each other, for the tests of other packages. */
public final class ProbeSides {
    /** Lengths of certificates differ by a byte or two with their signatures; whoever counts bytes wants them all alike. */
    private static final int CERTIFICATE_LENGTH = 272;

    private final TlsContext context;
    private final SSLContext jdk;

    /**
     * Makes a key, and a context for both sides.
     *
     * @throws Exception if the JDK lacks an algorithm.
     */
    public ProbeSides() throws Exception {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        final KeyPair pair = generator.generateKeyPair();
        X509Certificate certificate = ProbeCertificate.of(pair);
        while (certificate.getEncoded().length != CERTIFICATE_LENGTH) {
            certificate = ProbeCertificate.of(pair);
        }
        context = new TlsContext()
                .identity(TlsIdentity.of(pair.getPrivate(), List.of(certificate)))
                .trust(TlsTrust.of(List.of(certificate)))
                .verifyHostName(false);
        jdk = EngineFactory.sslContext(context);
        context.conclude();
    }

    /**
     * A client's side that resumes nothing.
     *
     * @param tap told of what is wrapped.
     * @return the side, which has not begun.
     */
    public TlsSide tappedClient(final TappedEngine.Tap tap) {
        return tapped(tap).client("probe.invalid", 443);
    }

    /**
     * A server's side.
     *
     * @param tap told of what is wrapped.
     * @return the side, which has not begun.
     */
    public TlsSide tappedServer(final TappedEngine.Tap tap) {
        return tapped(tap).server();
    }

    private TlsContext tapped(final TappedEngine.Tap tap) {
        return new TlsContext()
                .sslContext(new EditedSslContext(jdk, engine -> new TappedEngine(engine, tap)))
                .verifyHostName(false)
                .resumption(false)
                .conclude();
    }

    /**
     * A client's side.
     *
     * @return the side, which has not begun.
     */
    public TlsSide client() {
        return context.client("probe.invalid", 443);
    }

    /**
     * A server's side.
     *
     * @return the side, which has not begun.
     */
    public TlsSide server() {
        return context.server();
    }
}
