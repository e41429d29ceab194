package io.millrace.transport;

/**
 * What a TLS handshake agreed on.
 *
 * @param protocol    version, as in {@code TLSv1.3}.
 * @param cipherSuite standard name.
 */
public record TlsInfo(String protocol, String cipherSuite) {}
