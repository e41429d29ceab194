package io.millrace.transport.tls;

import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Says in one sentence who let a handshake fail, why, and by which alert as far as it was seen. What a client of TLS 1.3
 * is refused for, its certificate above all, it hears only when it is done itself.
 */
final class HandshakeFailure {
    private static final String RECEIVED = "Received fatal alert: ";

    /** Names of the alerts that go in the clear (RFC 8446, section 6; RFC 5246, section 7.2). */
    private static final Map<Integer, String> ALERTS = Map.ofEntries(
            Map.entry(10, "unexpected_message"),
            Map.entry(20, "bad_record_mac"),
            Map.entry(22, "record_overflow"),
            Map.entry(40, "handshake_failure"),
            Map.entry(42, "bad_certificate"),
            Map.entry(43, "unsupported_certificate"),
            Map.entry(44, "certificate_revoked"),
            Map.entry(45, "certificate_expired"),
            Map.entry(46, "certificate_unknown"),
            Map.entry(47, "illegal_parameter"),
            Map.entry(48, "unknown_ca"),
            Map.entry(50, "decode_error"),
            Map.entry(51, "decrypt_error"),
            Map.entry(70, "protocol_version"),
            Map.entry(71, "insufficient_security"),
            Map.entry(80, "internal_error"),
            Map.entry(109, "missing_extension"),
            Map.entry(112, "unrecognized_name"),
            Map.entry(116, "certificate_required"),
            Map.entry(120, "no_application_protocol"));

    /** Of a sentence: more than all cipher suites that a JDK knows. */
    private static final int LONGEST = 4_000;

    private final SSLEngine engine;
    private final HandshakeWatch watch;

    HandshakeFailure(final SSLEngine engine, final HandshakeWatch watch) {
        this.engine = engine;
        this.watch = watch;
    }

    /** What an engine threw, in a sentence; after the handshake only a peer's alert is worth one. */
    SSLException explained(final SSLException ex, final boolean handshakeDone) {
        final String text = String.valueOf(ex.getMessage());
        final int received = text.indexOf(RECEIVED);
        if (handshakeDone && received < 0) {
            return ex;
        }
        final String alert = received >= 0 ? text.substring(received + RECEIVED.length()) : seenAlert();
        final String sentence = alert != null
                ? "the peer refuses with alert " + advice(alert)
                : "this side refuses" + sentAlert() + ": " + why(ex, text);
        final SSLException explained = new SSLHandshakeException(fitForLogs(sentence));
        explained.initCause(ex);
        return explained;
    }

    /** A peer's words may be in it, as many as 64 KiB, and with line feeds: they must not make lines of a log. */
    private static String fitForLogs(final String sentence) {
        final StringBuilder fit =
                new StringBuilder(sentence.length() > LONGEST ? sentence.substring(0, LONGEST) + "..." : sentence);
        for (int i = 0; i < fit.length(); i++) {
            if (Character.isISOControl(fit.charAt(i))) {
                fit.setCharAt(i, '?');
            }
        }
        return fit.toString();
    }

    private String advice(final String alert) {
        return switch (alert) {
            case "protocol_version" -> alert + ": no version of TLS in common, " + versions();
            case "handshake_failure", "insufficient_security" ->
                alert + ": no cipher suite, group or certificate type in common, or a certificate is missing, "
                        + versions() + " cipherSuites=" + List.of(engine.getEnabledCipherSuites());
            case "no_application_protocol" ->
                alert + ": no application protocol in common, ours=" + applicationProtocols();
            case "certificate_required",
                    "bad_certificate",
                    "certificate_unknown",
                    "unknown_ca",
                    "certificate_expired" ->
                alert + ": it does not take this side's certificate: "
                        + (engine.getSession().getLocalCertificates() == null && !isCertificateSent()
                                ? "none was sent"
                                : "is it expired, for another host, or of an authority that the peer does not trust?");
            case "unrecognized_name" -> alert + ": it has no certificate for host=" + engine.getPeerHost();
            default -> alert;
        };
    }

    private boolean isCertificateSent() {
        // A server always sends one, unless it resumes.
        return !engine.getUseClientMode()
                || (engine.getHandshakeSession() != null
                        && engine.getHandshakeSession().getLocalCertificates() != null);
    }

    private String why(final SSLException ex, final String text) {
        for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException refused) {
                return refused.getMessage();
            }
        }
        final Hello asked = watch.clientHello();
        if (asked == null || engine.getUseClientMode()) {
            return text;
        }
        if (text.contains("protocol version")) {
            return "no version of TLS in common, the client offers=" + asked.versions() + " " + versions();
        }
        if (text.contains("cipher suites in common")) {
            return "no cipher suite in common, the client offers "
                    + asked.suites().size() + ", for=" + asked.versions() + " ours="
                    + List.of(engine.getEnabledCipherSuites());
        }
        if (text.contains("application layer protocol")) {
            return "no application protocol in common, the client offers=" + asked.applicationProtocols() + " ours="
                    + applicationProtocols();
        }
        if (text.contains("Empty") && text.contains("certificate chain")) {
            return "the client has no certificate, but clientAuthentication=NEED";
        }
        if (text.contains("No available authentication scheme")) {
            return "no certificate for the client's serverName=" + asked.serverName() + " and its signature schemes";
        }
        return text;
    }

    private String versions() {
        return "ours=" + List.of(engine.getEnabledProtocols());
    }

    private List<String> applicationProtocols() {
        return List.of(engine.getSSLParameters().getApplicationProtocols());
    }

    /** Not every engine names the alert that it got. */
    private String seenAlert() {
        return watch.receivedAlert() == HelloReader.NO_ALERT ? null : name(watch.receivedAlert());
    }

    private String sentAlert() {
        return watch.sentAlert() == HelloReader.NO_ALERT ? "" : " with alert " + name(watch.sentAlert());
    }

    private static String name(final int alert) {
        return ALERTS.getOrDefault(alert, "number " + alert);
    }
}
