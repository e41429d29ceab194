package io.millrace.jmh.connection;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever dials resumes if asked to, and not otherwise: closing a dialer checks that. */
class DialerTest {
    private static final int DIALS = 30;

    @ParameterizedTest
    @CsvSource({
        "baseline-socket, true",
        "baseline-socket, false",
        "baseline-netty-nio, true",
        "baseline-netty-nio, false",
        "baseline-netty-nio-tcnative, true",
        "baseline-netty-nio-tcnative, false",
        "millrace, true",
        "millrace, false",
        "millrace-conscrypt, true",
        "millrace-conscrypt, false",
    })
    void shouldResumeWhenAskedTo(final String peer, final boolean resumes) throws Exception {
        try (Dialer dialer = Dialer.of(peer, resumes)) {
            for (int i = 0; i < DIALS; i++) {
                dialer.dial(i % 2);
            }
        }
    }

    private static HandshakeCount count() throws GeneralSecurityException {
        return new HandshakeCount(SelfSignedCertificate.make().certificate(), HandshakeCount.SUITE);
    }

    @Test
    void shouldFailTheRowWhenItHasHandshakesOfTheOtherKind() throws Exception {
        final HandshakeCount none = count();
        final HandshakeCount all = count();
        for (int i = 0; i < DIALS; i++) {
            none.onDial(HandshakeCount.PROTOCOL, HandshakeCount.SUITE);
            all.onDial(HandshakeCount.PROTOCOL, HandshakeCount.SUITE);
            all.onFullHandshake();
        }
        none.check(true);
        all.check(false);
        assertThrows(IllegalStateException.class, () -> none.check(false));
        final String message =
                assertThrows(IllegalStateException.class, () -> all.check(true)).getMessage();
        assertTrue(message.contains("dials=30 full=30"), message);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, " + HandshakeCount.SUITE, HandshakeCount.PROTOCOL + ", TLS_AES_128_GCM_SHA256"})
    void shouldFailTheRowWhenOneHandshakeAgreedOnSomethingElse(final String protocol, final String suite)
            throws Exception {
        final HandshakeCount count = count();
        count.onDial(protocol, suite);
        assertThrows(IllegalStateException.class, () -> count.check(true));
    }

    @Test
    void shouldFailTheRowWhenAHostWasNotChecked() throws Exception {
        final SelfSignedCertificate identity = SelfSignedCertificate.make();
        final HandshakeCount count = new HandshakeCount(identity.certificate(), HandshakeCount.SUITE);
        final SSLEngine engine = identity.context().createSSLEngine("localhost", 1);
        final X509Certificate[] chain = {identity.certificate()};
        assertThrows(Exception.class, () -> count.checkServerTrusted(chain, "UNKNOWN", engine));
        count.onDial(HandshakeCount.PROTOCOL, HandshakeCount.SUITE);
        assertThrows(IllegalStateException.class, () -> count.check(false));
    }
}
