package io.millrace.jmh.connection;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
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

    @Test
    void shouldFailTheRowWhenItHasHandshakesOfTheOtherKind() throws Exception {
        final HandshakeCount none =
                new HandshakeCount(SelfSignedCertificate.make().certificate());
        final HandshakeCount all =
                new HandshakeCount(SelfSignedCertificate.make().certificate());
        for (int i = 0; i < DIALS; i++) {
            none.onDial();
            all.onDial();
            all.onFullHandshake();
        }
        none.check(true);
        all.check(false);
        assertThrows(IllegalStateException.class, () -> none.check(false));
        final String message =
                assertThrows(IllegalStateException.class, () -> all.check(true)).getMessage();
        assertTrue(message.contains("dials=30 full=30"), message);
    }
}
