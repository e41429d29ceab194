package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that break TLS or drag it out, each ended for a reason while another connection of the listener goes on. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileTlsPeerTest extends HostileTls {
    private final List<Serving> handlers = new CopyOnWriteArrayList<>();
    private int port;

    private void listen(final EngineKind engines, final String version) throws Exception {
        assumeTrue(engines.missing().isEmpty(), () -> "SKIPPED: " + engines.missing());
        protocol = version;
        watched = new Transport(watchedContext(engines.server(issued, version)));
        other = new Transport(new TransportContext().tlsContext(EngineKind.JDK.client(authority, version)));
        port = watched.listen(URI.create("tls://localhost:0"), this::newHandler)
                .address()
                .getPort();
        bystander = new Lines(false);
        bystanding =
                other.connect(URI.create("tls://localhost:" + port), bystander).get(DEADLINE_S, TimeUnit.SECONDS);
        assertBystanderGoesOn();
    }

    private ConnectionHandler newHandler() {
        final Serving handler = new Serving();
        handlers.add(handler);
        return handler;
    }

    /** The bystander was first. */
    @Override
    Serving handler() {
        Await.until(() -> handlers.size() == 2);
        return handlers.get(1);
    }

    private RawTlsPeer hostile() throws Exception {
        return RawTlsPeer.client(authority.trustingContext(), protocol, port);
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAHandshakeThatStopsInsideItsFirstMessage(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            client.write(new byte[] {22, 3, 1, 1, 0, 1, 0, 0}, 8);
            assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAHandshakeWhoseAnswerNobodyReads(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().handshake(1)) {
            assertTrue(client.firstRecord().length > 5);
            assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatNeverAuthenticates(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            Await.until(() -> handler().isOpen);
            client.say("A stranger");
            assertEndedByTheBound(CloseReason.AUTHENTICATION_TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatNeverReads(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            client.say("Pour");
            assertEndedAsTooSlow();
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatBeginsWithEmptyRecords(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            flood(() -> client.write(new byte[] {22, 3, 1, 0, 0}, 5));
            final String detail = assertEnded(CloseReason.HANDSHAKE_FAILED).detail();
            // Later JDKs refuse the first one by themselves.
            assertTrue(
                    engines != EngineKind.JDK
                            || detail.contains("the peer's handshake has no end")
                            || detail.contains("must not be zero-length"),
                    detail);
        }
    }

    /** Key updates without end by TLS 1.3; before, one wish to renegotiate is enough. */
    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatShakesHandsOnAndOn(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            client.say("hello");
            if (version.equals("TLSv1.3")) {
                flood(client::handshakeAgain);
                assertEnded(CloseReason.TLS_ERROR);
            } else {
                client.handshakeAgain();
                assertTrue(assertEnded(CloseReason.TLS_ERROR).detail().contains("renegotiate"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatBeginsWithWarnings(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            final byte[] warning = {21, 3, 3, 0, 2, 1, 100};
            flood(() -> client.write(warning, warning.length));
            assertEnded(CloseReason.HANDSHAKE_FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionWhoseFirstWordIsAFatalAlert(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            client.write(new byte[] {21, 3, 3, 0, 2, 2, 40}, 7);
            final String detail = assertEnded(CloseReason.HANDSHAKE_FAILED).detail();
            assertTrue(detail.contains("the peer refuses with alert handshake_failure"), detail);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionWhoseFirstWordIsItsEnd(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            client.write(new byte[] {21, 3, 3, 0, 2, 1, 0}, 7);
            assertEnded(CloseReason.HANDSHAKE_FAILED);
        }
    }

    /** By the length in its header alone: nothing of it is waited for. */
    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatAnnouncesARecordTooLong(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            final int length = LONGEST_RECORD_12 + 1;
            Await.until(() -> handler().isOpen);
            client.write(new byte[] {23, 3, 3, (byte) (length >> 8), (byte) length, 0}, 6);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatBeginsWithARecordTooLong(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            final int length = LONGEST_RECORD_12 + 1;
            client.write(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length, 0}, 6);
            assertEnded(CloseReason.HANDSHAKE_FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldSayThatItIsNoTls(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile()) {
            client.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 18);
            assertEnded(CloseReason.NOT_TLS);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldTellTruncationFromAnEnd(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            client.say("hello");
            client.socket.shutdownOutput();
            assertEnded(CloseReason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatSendsEmptyRecordsOnAndOn(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            client.say("hello");
            assertEquals("hello", client.hear());
            flood(client::sayNothing);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionThatWarnsOnAndOn(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            client.say("hello");
            flood(() -> client.warn(harmlessWarning()));
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldPassOverAnEmptyRecordAndAWarning(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            sayNothing(engines, client);
            client.say("one");
            assertEquals("one", client.hear());
            client.warn(harmlessWarning());
            sayNothing(engines, client);
            client.say("two");
            assertEquals("two", client.hear());
            client.end();
            assertEnded(CloseReason.PEER_CLOSE);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldEndAConnectionWhoseRecordIsBroken(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsPeer client = hostile().open()) {
            client.say("hello");
            client.write(garbage(23), 105);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }
}
