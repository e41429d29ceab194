package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Netty's engines. */
public enum NettyTls {
    NONE,
    JDK,
    TCNATIVE;

    private static final List<String> CIPHERS = List.of(HandshakeCount.SUITE);

    /**
     * Contexts for both ends.
     *
     * @param server of the server.
     * @param client of the client.
     */
    public record Pair(SslContext server, SslContext client) {}

    /**
     * Contexts with a new key.
     *
     * @return both; empty for no TLS.
     * @throws GeneralSecurityException if the JDK lacks an algorithm.
     * @throws SSLException             if the engine can't be had.
     */
    public Optional<Pair> contexts() throws GeneralSecurityException, SSLException {
        if (this == NONE) {
            return Optional.empty();
        }
        final SelfSignedCertificate identity = SelfSignedCertificate.make();
        return Optional.of(
                new Pair(server(identity), build(SslContextBuilder.forClient().trustManager(identity.certificate()))));
    }

    /** Contexts for both ends, of which the client's counts its handshakes. */
    Pair contexts(final SelfSignedCertificate identity, final HandshakeCount count) throws SSLException {
        return new Pair(server(identity), build(SslContextBuilder.forClient().trustManager(count)));
    }

    /** A server's context. */
    SslContext server(final SelfSignedCertificate identity) throws SSLException {
        return build(SslContextBuilder.forServer(identity.key(), identity.certificate()));
    }

    private SslContext build(final SslContextBuilder builder) throws SSLException {
        if (this == TCNATIVE && !OpenSsl.isAvailable()) {
            throw new PeerUnavailableException("netty-tcnative", OpenSsl.unavailabilityCause());
        }
        return builder.sslProvider(this == TCNATIVE ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3")
                .ciphers(CIPHERS)
                .build();
    }
}
