package io.millrace.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A certificate that signs itself, for a pair of engines in memory: the JDK has no public way to make one. */
final class ProbeCertificate {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xA0;
    private static final byte[] ECDSA_WITH_SHA256 = {0x06, 0x08, 0x2A, -0x7A, 0x48, -0x32, 0x3D, 0x04, 0x03, 0x02};
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private ProbeCertificate() {}

    /** Good for an hour each way. */
    static X509Certificate of(final KeyPair pair) throws GeneralSecurityException {
        final byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
        final byte[] name = der(
                SEQUENCE,
                der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, "probe".getBytes(StandardCharsets.UTF_8)))));
        final byte[] content = der(
                SEQUENCE,
                // BoringSSL takes version 3 only.
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, new byte[] {1}),
                algorithm,
                name,
                der(
                        SEQUENCE,
                        time(Instant.now().minus(Duration.ofHours(1))),
                        time(Instant.now().plus(Duration.ofHours(1)))),
                name,
                pair.getPublic().getEncoded());
        final Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(content);
        final byte[] signed = der(SEQUENCE, content, algorithm, der(BIT_STRING, new byte[] {0}, signer.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
    }

    private static byte[] time(final Instant instant) {
        return der(UTC_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(final int tag, final byte[]... parts) {
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            body.writeBytes(part);
        }
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (body.size() < 0x80) {
            all.write(body.size());
        } else if (body.size() < 0x100) {
            all.write(0x81);
            all.write(body.size());
        } else {
            all.write(0x82);
            all.write(body.size() >> 8);
            all.write(body.size());
        }
        all.writeBytes(body.toByteArray());
        return all.toByteArray();
    }
}
