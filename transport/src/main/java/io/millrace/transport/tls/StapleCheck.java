package io.millrace.transport.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Wants a good OCSP response that the server has stapled to its own certificate (RFC 6066, section 8). Only a stapled one
 * counts: nothing is fetched, for that would block the connection's thread.
 */
final class StapleCheck {
    private final boolean required;
    private final Set<TrustAnchor> anchors = new HashSet<>();

    StapleCheck(final boolean required, final X509ExtendedTrustManager trusted) {
        this.required = required;
        for (final X509Certificate anchor : trusted.getAcceptedIssuers()) {
            anchors.add(new TrustAnchor(anchor, null));
        }
    }

    void check(final X509Certificate[] chain, final SSLEngine engine) throws CertificateException {
        if (!required) {
            return;
        }
        final List<byte[]> staples = ((ExtendedSSLSession) engine.getHandshakeSession()).getStatusResponses();
        if (staples.isEmpty() || staples.get(0).length == 0) {
            throw new CertificateException("the server stapled no OCSP response to it, but requireOcspStaple=true");
        }
        try {
            final CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            final PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.NO_FALLBACK));
            checker.setOcspResponses(Map.of(chain[0], staples.get(0)));
            final PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.addCertPathChecker(checker);
            final CertPath path =
                    CertificateFactory.getInstance("X.509").generateCertPath(List.of(withoutAnchor(chain)));
            validator.validate(path, parameters);
        } catch (final GeneralSecurityException ex) {
            throw new CertificateException("its stapled OCSP response is not good: " + ex.getMessage(), ex);
        }
    }

    private X509Certificate[] withoutAnchor(final X509Certificate[] chain) {
        int length = chain.length;
        for (int i = 1; i < length; i++) {
            final X509Certificate link = chain[i];
            if (anchors.stream().anyMatch(anchor -> link.equals(anchor.getTrustedCert()))) {
                length = i;
            }
        }
        return Arrays.copyOf(chain, length);
    }
}
