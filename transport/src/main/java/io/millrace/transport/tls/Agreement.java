package io.millrace.transport.tls;

import io.millrace.transport.TlsInfo;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Reads off an engine what its handshake agreed on. */
final class Agreement {
    private Agreement() {}

    static TlsInfo of(final SSLEngine engine, final HandshakeWatch watch) {
        final SSLSession session = engine.getSession();
        return new TlsInfo(
                session.getProtocol(),
                session.getCipherSuite(),
                Optional.ofNullable(engine.getApplicationProtocol()).filter(name -> !name.isEmpty()),
                serverName(session, watch),
                watch.isResumed(),
                certificates(session));
    }

    private static Optional<String> serverName(final SSLSession session, final HandshakeWatch watch) {
        // What this connection asked for, even if the session was begun with another name.
        if (watch.serverName() != null) {
            return Optional.of(watch.serverName()).filter(name -> !name.isEmpty());
        }
        return Optional.of(IdentityChoice.requestedName(session)).filter(name -> !name.isEmpty());
    }

    private static List<X509Certificate> certificates(final SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (final SSLPeerUnverifiedException ex) {
            return List.of();
        }
    }
}
