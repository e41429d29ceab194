package io.millrace.transport;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a TLS handshake agreed on: an immutable value.
 *
 * @param protocol            version, as in {@code TLSv1.3}.
 * @param cipherSuite         standard name.
 * @param applicationProtocol agreed on by ALPN; empty for none.
 * @param serverName          that the client asked for (SNI); empty for none.
 * @param resumed             whether an earlier session was resumed, so that no certificate was checked this time.
 * @param peerCertificates    the peer's chain, its own certificate first: of the session's first handshake if it was
 *                            resumed. Empty if the peer showed none.
 */
public record TlsInfo(
        String protocol,
        String cipherSuite,
        Optional<String> applicationProtocol,
        Optional<String> serverName,
        boolean resumed,
        List<X509Certificate> peerCertificates) {
    /** With the certificates' subjects: a whole one fills a page. */
    @Override
    public String toString() {
        return "TlsInfo[protocol=" + protocol + ", cipherSuite=" + cipherSuite + ", applicationProtocol="
                + applicationProtocol + ", serverName=" + serverName + ", resumed=" + resumed + ", peerCertificates="
                + peerCertificates.stream()
                        .map(X509Certificate::getSubjectX500Principal)
                        .toList()
                + "]";
    }
}
