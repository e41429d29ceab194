package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.agent.Logs;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break TLS or drag it out, each left for a reason while another connection of the client goes on. */
@Logs("tcnative's context keeps no sessions apart")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileTlsServerTest extends HostileTls {
    private final Serving client = new Serving();
    private ServerSocket hostile;
    private URI uri;
    private CompletableFuture<Connection> connect;

    /** A client with a connection to a server that is not hostile, and one to a server that is. */
    private Socket accept(final EngineKind engines, final String version) throws Exception {
        assumeTrue(engines.missing().isEmpty(), () -> "SKIPPED: " + engines.missing());
        protocol = version;
        watched = new Transport(watchedContext(engines.client(authority, version)));
        other = new Transport(new TransportContext().tlsContext(EngineKind.JDK.server(issued, version)));
        final URI good =
                other.listen(URI.create("tls://localhost:0"), Serving::new).uri();
        bystander = new Lines(false);
        bystanding = watched.connect(good, bystander).get(DEADLINE_S, TimeUnit.SECONDS);
        bystanding.authenticated();
        assertBystanderGoesOn();
        hostile = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        uri = URI.create("tls://localhost:" + hostile.getLocalPort());
        connect = watched.connect(uri, client);
        return hostile.accept();
    }

    private RawTlsPeer server(final EngineKind engines, final String version) throws Exception {
        final Socket accepted = accept(engines, version);
        return RawTlsPeer.server(issued.servingContext(), version, accepted);
    }

    /** One to whom the client has said who it is. */
    private RawTlsPeer openServer(final EngineKind engines, final String version) throws Exception {
        final RawTlsPeer server = server(engines, version).open();
        connect.get(DEADLINE_S, TimeUnit.SECONDS).authenticated();
        return server;
    }

    @AfterEach
    void closeServer() throws Exception {
        if (hostile != null) {
            hostile.close();
        }
    }

    @Override
    Serving handler() {
        return client;
    }

    /** Whoever asked for the connection is told what its handler is told. */
    private void assertFailed(final CloseReport report) {
        final ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> connect.get(DEADLINE_S, TimeUnit.SECONDS));
        final String message =
                assertInstanceOf(ConnectException.class, thrown.getCause()).getMessage();
        assertTrue(message.contains(uri.toString()), message);
        assertTrue(message.contains(report.detail()), message);
        assertFalse(client.isOpen);
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatSaysNothing(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            assertTrue(server.firstRecord().length > 5);
            assertFailed(assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatStopsInsideItsFirstMessage(final EngineKind engines, final String version)
            throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            assertTrue(server.firstRecord().length > 5);
            server.write(new byte[] {22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3}, 11);
            assertFailed(assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT));
        }
    }

    /** It answers the hello, reads nothing any more, and so never ends the handshake of TLS 1.2. */
    @ParameterizedTest
    @CsvSource({"JDK", "CONSCRYPT", "TCNATIVE"})
    void shouldLeaveAServerThatNeverFinishes(final EngineKind engines) throws Exception {
        try (RawTlsPeer server = server(engines, "TLSv1.2").handshake(4)) {
            assertFalse(server.socket.isClosed());
            assertFailed(assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldSayThatItIsNoTls(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            final byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            server.write(answer, answer.length);
            assertFailed(assertEnded(CloseReason.NOT_TLS));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerWhoseHelloIsGarbage(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            // Not of zeros: these would be wishes for a new hello, which a client may pass over (RFC 5246, section
            // 7.4.1.1).
            server.write(garbage(22), 105);
            assertFailed(assertEnded(CloseReason.HANDSHAKE_FAILED));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldSayWhichAlertAServerRefusesWith(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            server.write(new byte[] {21, 3, 3, 0, 2, 2, 40}, 7);
            final CloseReport report = assertEnded(CloseReason.HANDSHAKE_FAILED);
            assertTrue(report.detail().contains("the peer refuses with alert handshake_failure"), report.detail());
            assertFailed(report);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerWhoseFirstWordIsItsEnd(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            server.write(new byte[] {21, 3, 3, 0, 2, 1, 0}, 7);
            assertFailed(assertEnded(CloseReason.HANDSHAKE_FAILED));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldSayThatAServerEndedDuringTheHandshake(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            assertTrue(server.firstRecord().length > 5);
            server.socket.shutdownOutput();
            final CloseReport report = assertEnded(CloseReason.HANDSHAKE_FAILED);
            assertTrue(report.detail().contains("ended the connection during the TLS handshake"), report.detail());
            assertFailed(report);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldSayThatAServerReset(final EngineKind engines, final String version) throws Exception {
        final RawTlsPeer server = server(engines, version);
        assertTrue(server.firstRecord().length > 5);
        server.reset();
        assertFailed(assertEnded(CloseReason.PEER_RESET));
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatBeginsWithEmptyRecords(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            flood(() -> server.write(new byte[] {22, 3, 3, 0, 0}, 5));
            assertFailed(assertEnded(CloseReason.HANDSHAKE_FAILED));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatBeginsWithWarnings(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            final byte[] warning = {21, 3, 3, 0, 2, 1, 112};
            flood(() -> server.write(warning, warning.length));
            assertFailed(assertEnded(CloseReason.HANDSHAKE_FAILED));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatBeginsWithARecordTooLong(final EngineKind engines, final String version)
            throws Exception {
        try (RawTlsPeer server = server(engines, version)) {
            final int length = LONGEST_RECORD_12 + 1;
            server.write(new byte[] {22, 3, 3, (byte) (length >> 8), (byte) length, 0}, 6);
            assertFailed(assertEnded(CloseReason.HANDSHAKE_FAILED));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatNeverReads(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            server.say("Pour");
            assertEndedAsTooSlow();
        }
    }

    /** Key updates without end by TLS 1.3; before, one wish to renegotiate is enough. */
    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatShakesHandsOnAndOn(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            server.say("hello");
            if (version.equals("TLSv1.3")) {
                flood(server::handshakeAgain);
                assertEnded(CloseReason.TLS_ERROR);
            } else {
                server.handshakeAgain();
                assertTrue(assertEnded(CloseReason.TLS_ERROR).detail().contains("renegotiate"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatSendsEmptyRecordsOnAndOn(final EngineKind engines, final String version)
            throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            server.say("hello");
            flood(server::sayNothing);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatWarnsOnAndOn(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            server.say("hello");
            flood(() -> server.warn(harmlessWarning()));
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldPassOverAnEmptyRecordAndAWarning(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            sayNothing(engines, server);
            server.say("one");
            assertEquals("one", server.hear());
            server.warn(harmlessWarning());
            sayNothing(engines, server);
            server.say("two");
            assertEquals("two", server.hear());
            server.end();
            assertEnded(CloseReason.PEER_CLOSE);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerWhoseRecordIsBroken(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            server.write(garbage(23), 105);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldLeaveAServerThatAnnouncesARecordTooLong(final EngineKind engines, final String version)
            throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            final int length = LONGEST_RECORD_12 + 1;
            server.write(new byte[] {23, 3, 3, (byte) (length >> 8), (byte) length, 0}, 6);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndVersions")
    void shouldTellTruncationFromAnEnd(final EngineKind engines, final String version) throws Exception {
        try (RawTlsPeer server = openServer(engines, version)) {
            server.say("hello");
            assertEquals("hello", server.hear());
            server.socket.shutdownOutput();
            assertEnded(CloseReason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @CsvSource({"JDK", "CONSCRYPT", "TCNATIVE"})
    void shouldLeaveAServerThatSendsTicketsOnAndOn(final EngineKind engines) throws Exception {
        try (RawTlsPeer server = openServer(engines, "TLSv1.3")) {
            server.say("hello");
            flood(server::giveTicket);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }
}
