package io.millrace.transport.tls;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;

/** Both sides of a connection that trust each other, for the tests of other packages. */
public final class ProbeSides {
    private final TlsContext context;

    /**
     * Makes a key, and a context for both sides.
     *
     * @throws Exception if the JDK lacks an algorithm.
     */
    public ProbeSides() throws Exception {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        final KeyPair pair = generator.generateKeyPair();
        final X509Certificate certificate = ProbeCertificate.of(pair);
        context = new TlsContext()
                .identity(TlsIdentity.of(pair.getPrivate(), List.of(certificate)))
                .trust(TlsTrust.of(List.of(certificate)))
                .verifyHostName(false)
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
