package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.AddressFilter;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.LineProtocol;
import io.millrace.transport.tls.TlsContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer's bad bytes end that one connection with a reason and a counter; who is there notices nothing, and who comes next is served: whoever drives. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class BadPeer {
    private final AtomicReference<Recorder> lastServer = new AtomicReference<>();
    private final Queue<Recorder> servers = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private PrintStream originalErr;
    private final Driving driving;
    private DrivenTransport driven;
    private Transport transport;
    private Recorder bystander;
    private Connection bystandersConnection;
    private int tcpPort;
    private int tlsPort;

    BadPeer(final Driving driving) {
        this.driving = driving;
    }

    @BeforeEach
    void listen() throws Exception {
        originalErr = System.err;
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        driven = new DrivenTransport(new TransportContext()
                .driving(driving)
                .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext()))
                .connectionContext(new ConnectionContext().handshakeTimeoutNs(TimeUnit.SECONDS.toNanos(2))));
        transport = driven.transport;
        tcpPort = transport
                .listen(URI.create("tcp://localhost:0"), this::newServer)
                .address()
                .getPort();
        tlsPort = transport
                .listen(URI.create("tls://localhost:0"), this::newServer)
                .address()
                .getPort();
        bystander = new Recorder();
        bystandersConnection = transport
                .connect(URI.create("tcp://localhost:" + tcpPort), bystander)
                .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        awaitServer().awaitOpen();
        lastServer.set(null);
        servers.clear();
    }

    @AfterEach
    void close() {
        driven.close();
        System.setErr(originalErr);
        assertEquals("", errors.toString(StandardCharsets.UTF_8), "no stack trace by default");
    }

    private Recorder newServer() {
        final Recorder server = new Recorder((connection, message) -> connection.offer(ByteBuffer.wrap(message)));
        lastServer.set(server);
        servers.add(server);
        return server;
    }

    private Recorder awaitServer() {
        while (lastServer.get() == null) {
            Thread.onSpinWait();
        }
        return lastServer.get();
    }

    private CloseReport reportOf(final Socket peer) throws Exception {
        try (peer) {
            return awaitServer().awaitClose();
        }
    }

    private void assertEnded(final CloseReport report, final CloseReason reason) throws Exception {
        assertEquals(reason, report.reason(), report.detail());
        assertEquals(1, transport.counters().closed(reason));
        assertStillServes("tcp", tcpPort);
        assertStillServes("tls", tlsPort);
        assertTrue(bystandersConnection.offer(ByteBuffer.allocate(9)) > 0);
        Await.until(() -> bystander.messages.size() == 1);
        assertEquals(0, bystander.closes.get());
    }

    private int listen(final ListenerContext settings) {
        return transport
                .listen(URI.create("tcp://localhost:0"), settings, this::newServer)
                .address()
                .getPort();
    }

    private void assertStillServes(final String scheme, final int port) throws Exception {
        final Recorder client = new Recorder((connection, message) -> connection.close());
        final Connection connection = transport
                .connect(URI.create(scheme + "://localhost:" + port), client)
                .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        connection.offer(ByteBuffer.wrap("still there?".getBytes(StandardCharsets.UTF_8)));
        client.awaitClose();
        assertEquals(1, client.messages.size());
    }

    @ParameterizedTest
    @CsvSource({
        "0,           BAD_LENGTH",
        "-1,          BAD_LENGTH",
        "-2147483648, BAD_LENGTH",
        "262145,      MESSAGE_TOO_LONG",
        "2147483647,  MESSAGE_TOO_LONG",
    })
    void shouldCloseWhenTheAnnouncedLengthIsOutOfRange(final int length, final CloseReason reason) throws Exception {
        final Socket peer = new Socket("localhost", tcpPort);
        peer.getOutputStream().write(ByteBuffer.allocate(4).putInt(length).array());
        final CloseReport report = reportOf(peer);
        assertTrue(report.detail().contains("length=" + length), report.detail());
        assertEnded(report, reason);
    }

    @Test
    void shouldDeliverTheMessagesBeforeTheBadOne() throws Exception {
        final Socket peer = new Socket("localhost", tcpPort);
        peer.getOutputStream()
                .write(ByteBuffer.allocate(13)
                        .putInt(5)
                        .put(new byte[5])
                        .putInt(-7)
                        .array());
        assertEnded(reportOf(peer), CloseReason.BAD_LENGTH);
        assertEquals(1, servers.peek().messages.size());
    }

    @ParameterizedTest
    @CsvSource({"GET / HTTP/1.1", "SSH-2.0-OpenSSH_9.2", "xxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void shouldCloseWhenThePeerDoesNotSpeakTls(final String text) throws Exception {
        final Socket peer = new Socket("localhost", tlsPort);
        peer.getOutputStream().write((text + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        assertEnded(reportOf(peer), CloseReason.NOT_TLS);
    }

    @Test
    void shouldCloseWhenTheHandshakeIsGarbage() throws Exception {
        final Socket peer = new Socket("localhost", tlsPort);
        final byte[] record = new byte[105];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        record[4] = 100;
        peer.getOutputStream().write(record);
        assertEnded(reportOf(peer), CloseReason.HANDSHAKE_FAILED);
    }

    @Test
    void shouldCloseWhenThePeerSaysNothing() throws Exception {
        assertEnded(reportOf(new Socket("localhost", tlsPort)), CloseReason.HANDSHAKE_TIMEOUT);
    }

    @Test
    void shouldCloseWhenThePeerEndsDuringTheHandshake() throws Exception {
        final Socket peer = new Socket("localhost", tlsPort);
        peer.getOutputStream().write(new byte[] {22, 3, 1});
        peer.shutdownOutput();
        assertEnded(reportOf(peer), CloseReason.HANDSHAKE_FAILED);
    }

    @Test
    void shouldCloseWhenThePeerResets() throws Exception {
        final Socket peer = new Socket("localhost", tcpPort);
        awaitServer().awaitOpen();
        peer.setSoLinger(true, 0);
        peer.close();
        assertEnded(lastServer.get().awaitClose(), CloseReason.PEER_RESET);
    }

    @Test
    void shouldTellTruncationFromAProperEndWhenThePeerStopsInsideAMessage() throws Exception {
        final Socket peer = new Socket("localhost", tcpPort);
        peer.getOutputStream().write(new byte[] {0, 0, 0, 10, 1, 2, 3});
        peer.shutdownOutput();
        assertEnded(reportOf(peer), CloseReason.TRUNCATED);
    }

    @Test
    void shouldRefuseTheCertificateWhenItIsForAnotherName() throws Exception {
        try (Transport stranger = new Transport()) {
            final Recorder client = new Recorder();
            final var connect = stranger.connect(URI.create("tls://localhost:" + tlsPort), client);
            assertThrows(ExecutionException.class, () -> connect.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            assertEquals(CloseReason.HANDSHAKE_FAILED, client.awaitClose().reason());
        }
        assertEquals(CloseReason.HANDSHAKE_FAILED, awaitServer().awaitClose().reason());
    }

    @Test
    void shouldCloseWhenTheDelimiterNeverComes() throws Exception {
        final int port = listen(new ListenerContext()
                .connectionContext(new ConnectionContext().protocol(new LineProtocol(20, LineProtocol.Ending.CRLF))));
        final Socket peer = new Socket("localhost", port);
        peer.getOutputStream().write("fine\r\nand then no ending, ever".getBytes(StandardCharsets.US_ASCII));
        final CloseReport report = reportOf(peer);
        assertTrue(report.detail().contains("20"), report.detail());
        assertEquals(1, servers.element().messages.size());
        assertEnded(report, CloseReason.DELIMITER_MISSING);
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 192.0.2.2 5 66000, 66000",
        "PROXY TCP4 192.0.2.1 192.0.2.256 5 6,   192.0.2.256",
        "PROXY TCP9 192.0.2.1 192.0.2.2 5 6,     TCP9",
        "GET / HTTP/1.1,                         0x47",
    })
    void shouldCloseWhenTheProxyHeaderIsMalformed(final String line, final String named) throws Exception {
        final int port = listen(new ListenerContext().proxySources(AddressFilter.ALL));
        final Socket peer = new Socket("localhost", port);
        peer.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        final CloseReport report = reportOf(peer);
        assertTrue(report.detail().contains(named), report.detail());
        assertEquals(0, servers.element().opens.get());
        assertEnded(report, CloseReason.PROXY_HEADER);
    }

    /** The twelve bytes that a header of version 2 begins with, and what is wrong behind them. */
    @ParameterizedTest
    @CsvSource({
        "31 11 000c c0000201 c0000202 0005 0006, version=3",
        "2f 11 000c c0000201 c0000202 0005 0006, command=15",
        "21 41 000c c0000201 c0000202 0005 0006, family=4",
        "21 11 0004 c0000201,                    length=4",
    })
    void shouldCloseWhenTheBinaryProxyHeaderIsMalformed(final String header, final String named) throws Exception {
        final int port = listen(new ListenerContext().proxySources(AddressFilter.ALL));
        final Socket peer = new Socket("localhost", port);
        peer.getOutputStream().write(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + header.replace(" ", "")));
        final CloseReport report = reportOf(peer);
        assertTrue(report.detail().contains(named), report.detail());
        assertEquals(0, servers.element().opens.get());
        assertEnded(report, CloseReason.PROXY_HEADER);
    }

    @Test
    void shouldNameTheHostWhenItCannotBeListenedOn() {
        final UncheckedIOException failure = assertThrows(
                UncheckedIOException.class,
                () -> transport.listen(URI.create("tcp://no-such-host.invalid:0"), Recorder::new));
        assertTrue(failure.getMessage().contains("no-such-host.invalid"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"udp://localhost:1", "tcp://localhost", "tcp:///x", "tcp://localhost:70000", "tcp://localhost:0"})
    void shouldNameTheUriWhenItIsBad(final String uri) {
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> transport.connect(URI.create(uri), new Recorder()));
        assertTrue(failure.getMessage().contains(uri), failure.getMessage());
    }

    @Test
    void shouldSayWhichAddressWhenItCannotBeBound() {
        final UncheckedIOException failure = assertThrows(
                UncheckedIOException.class,
                () -> transport.listen(URI.create("tcp://localhost:" + tcpPort), Recorder::new));
        assertTrue(failure.getMessage().contains("localhost:" + tcpPort), failure.getMessage());
    }

    @Test
    void shouldFailTheConnectWhenTheHostIsUnknown() throws Exception {
        final Recorder client = new Recorder();
        final var connect = transport.connect(URI.create("tcp://no-such-host.invalid:1"), client);
        final ExecutionException failure =
                assertThrows(ExecutionException.class, () -> connect.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
        assertEquals(ConnectException.class, failure.getCause().getClass());
        assertTrue(failure.getMessage().contains("tcp://no-such-host.invalid:1"), failure.getMessage());
        assertTrue(failure.getMessage().contains("unknown host"), failure.getMessage());
        final CloseReport report = client.awaitClose();
        assertEquals(CloseReason.CONNECT_FAILED, report.reason());
        assertTrue(report.detail().contains("no-such-host.invalid"), report.detail());
    }
}
