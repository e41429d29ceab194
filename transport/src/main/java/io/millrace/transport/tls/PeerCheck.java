package io.millrace.transport.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks a peer's certificate as the JDK does, then its time, pins and staple, and says in one sentence why one is
 * refused. Immutable; resumption skips it, which is why a change of trust drops all tickets.
 */
final class PeerCheck extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final X509ExtendedTrustManager jdk;
    private final TlsTrust trust;
    private final StapleCheck staples;

    PeerCheck(final TlsTrust trust, final boolean requireStaple) throws GeneralSecurityException {
        jdk = trust.trustManager();
        this.trust = trust;
        staples = new StapleCheck(requireStaple, jdk);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
            throws CertificateException {
        try {
            jdk.checkServerTrusted(chain, known(authType), engine);
            checkMore(chain[0]);
            staples.check(chain, engine);
        } catch (final CertificateException ex) {
            throw explained("server", chain[0], engine, ex);
        }
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
            throws CertificateException {
        try {
            jdk.checkClientTrusted(chain, known(authType), engine);
            checkMore(chain[0]);
        } catch (final CertificateException ex) {
            throw explained("client", chain[0], engine, ex);
        }
    }

    /** Suites of TLS 1.3 name no key exchange: what Conscrypt says then, in the JDK's word. */
    private static String known(final String authType) {
        return authType.equals("GENERIC") ? "UNKNOWN" : authType;
    }

    private void checkMore(final X509Certificate own) throws CertificateException {
        // The JDK does not look at the dates of a certificate that is itself an anchor.
        own.checkValidity();
        final Set<String> pins = trust.pins();
        if (!pins.isEmpty() && !pins.contains(sha256(own))) {
            throw new CertificateException("its hash is not pinned: sha256=" + sha256(own));
        }
    }

    private static String sha256(final X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (final GeneralSecurityException ex) {
            throw new CertificateException(ex);
        }
    }

    private CertificateException explained(
            final String whose, final X509Certificate own, final SSLEngine engine, final CertificateException ex) {
        final CertPathValidatorException path = pathError(ex);
        // JSSE picks its alert by the cause.
        return new CertificateException(
                "the " + whose + "'s certificate is refused: " + why(own, engine, ex, path) + ": subject="
                        + own.getSubjectX500Principal(),
                path == null ? ex : path);
    }

    private String why(
            final X509Certificate own,
            final SSLEngine engine,
            final CertificateException ex,
            final CertPathValidatorException path) {
        if (isCausedBy(ex, CertificateExpiredException.class) || isFor(path, BasicReason.EXPIRED)) {
            return "it or one of its issuers expired: notAfter="
                    + own.getNotAfter().toInstant();
        }
        if (isCausedBy(ex, CertificateNotYetValidException.class) || isFor(path, BasicReason.NOT_YET_VALID)) {
            return "it or one of its issuers is not valid yet: notBefore="
                    + own.getNotBefore().toInstant();
        }
        final String text = String.valueOf(ex.getMessage());
        if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
            return "it is not for host=" + engine.getPeerHost() + " but for names=" + names(own);
        }
        if (text.contains("unable to find valid certification path") || text.contains("Path does not chain")) {
            return "no authority that is trusted has issued it: issuer=" + own.getIssuerX500Principal() + " trusted by "
                    + trust;
        }
        return text;
    }

    private static boolean isFor(final CertPathValidatorException path, final BasicReason reason) {
        return path != null && path.getReason() == reason;
    }

    private static boolean isCausedBy(final Throwable error, final Class<?> type) {
        Throwable cause = error;
        while (cause != null && !type.isInstance(cause)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private static CertPathValidatorException pathError(final Throwable error) {
        Throwable cause = error;
        while (cause != null) {
            if (cause instanceof CertPathValidatorException found) {
                return found;
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static List<String> names(final X509Certificate certificate) {
        try {
            final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name ->
                                    name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (final CertificateParsingException ex) {
            return List.of();
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return jdk.getAcceptedIssuers();
    }

    /** Without an engine, for whom JSSE would have to check the host: never asked by it. */
    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType) throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType) throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }
}
