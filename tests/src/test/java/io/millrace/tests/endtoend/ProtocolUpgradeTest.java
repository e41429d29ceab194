package io.millrace.tests.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.Protocol;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.LineProtocol;
import io.millrace.transport.frame.VarintPrefixProtocol;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A conversation that begins in lines and goes on in binary, while others send. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProtocolUpgradeTest {
    private static final int SENDERS = 3;
    private static final int MAX_AHEAD = 500;
    private static final int MAX_MESSAGE_LENGTH = 1000;
    private static final Protocol LINES = new LineProtocol(20, LineProtocol.Ending.CRLF);
    private static final Protocol BINARY = new VarintPrefixProtocol(MAX_MESSAGE_LENGTH);
    private static final ByteBuffer UPGRADE = ByteBuffer.wrap("UPGRADE".getBytes(US_ASCII));

    private static boolean isUpgrade(final byte[] message) {
        return new String(message, US_ASCII).equals("UPGRADE");
    }

    /** Sends, but never far ahead of the receiver. */
    private static void send(
            final Connection connection,
            final AtomicBoolean stop,
            final AtomicLong accepted,
            final AtomicLong received) {
        long sent = 0;
        while (!stop.get()) {
            if (accepted.get() - received.get() > MAX_AHEAD) {
                Thread.onSpinWait();
                continue;
            }
            final ByteBuffer message = ByteBuffer.wrap(("n" + sent).getBytes(US_ASCII));
            final long result = connection.offer(message);
            if (result > 0) {
                sent++;
                accepted.incrementAndGet();
            } else {
                assertTrue(result == Connection.BACK_PRESSURED || result == Connection.ADMIN_ACTION, "code=" + result);
                Thread.onSpinWait();
            }
        }
    }

    static Stream<Arguments> ways() {
        return Ways.all("tcp", "tls");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldDeliverAllMessagesWhenSwitchedWhileOthersSend(final Driving driving, final String scheme)
            throws Exception {
        final TransportContext context = new TransportContext()
                .driving(driving)
                .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext()))
                .connectionContext(new ConnectionContext().protocol(LINES).maxFrameLength(2 * MAX_MESSAGE_LENGTH));
        // The server switches inbound behind the request, and outbound behind its answer to it; the client likewise.
        final AtomicLong received = new AtomicLong();
        final Recorder server = new Recorder((connection, message) -> {
            received.incrementAndGet();
            if (isUpgrade(message)) {
                connection.switchInbound(BINARY);
                assertTrue(connection.switchOutbound(BINARY, UPGRADE, 0, UPGRADE.limit()) > 0);
                connection.offer(ByteBuffer.allocate(MAX_MESSAGE_LENGTH));
            }
        });
        final AtomicBoolean switched = new AtomicBoolean();
        final Recorder client = new Recorder((connection, message) -> {
            if (isUpgrade(message)) {
                connection.switchInbound(BINARY);
            } else if (!switched.get()
                    && new String(message, US_ASCII).equals("go")
                    && connection.switchOutbound(BINARY, UPGRADE, 0, UPGRADE.limit()) > 0) {
                switched.set(true);
                // Not waiting for the answer: both protocols are in one segment.
                connection.offer(ByteBuffer.allocate(MAX_MESSAGE_LENGTH));
            }
        });
        try (DrivenTransport driven = new DrivenTransport(context)) {
            final Transport transport = driven.transport;
            final int port = transport
                    .listen(URI.create(scheme + "://localhost:0"), () -> server)
                    .address()
                    .getPort();
            final Connection connection = transport
                    .connect(URI.create(scheme + "://localhost:" + port), client)
                    .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            assertThrows(IllegalStateException.class, () -> connection.switchProtocol(BINARY));

            final AtomicBoolean stop = new AtomicBoolean();
            final AtomicLong accepted = new AtomicLong();
            final List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                senders.add(new Thread(() -> send(connection, stop, accepted, received)));
            }
            senders.forEach(Thread::start);
            Await.until(() -> received.get() > 1000);
            // A full ring refuses the switch; then it is asked for again.
            while (!switched.get()) {
                final int asked = client.messages.size();
                server.awaitOpen().offer(ByteBuffer.wrap("go".getBytes(US_ASCII)));
                Await.until(() -> client.messages.size() > asked || switched.get());
            }
            Await.until(() -> client.messages.stream().anyMatch(message -> message.length == MAX_MESSAGE_LENGTH));
            final long before = received.get();
            Await.until(() -> received.get() > before + 1000);
            stop.set(true);
            for (final Thread sender : senders) {
                sender.join();
            }
            connection.close();
            final CloseReport report = client.awaitClose();
            assertEquals(CloseReason.LOCAL_CLOSE, report.reason(), report.detail());
            assertEquals(CloseReason.PEER_CLOSE, server.awaitClose().reason());
            // The senders', the request, and perhaps the large one behind it.
            assertEquals(report.accepted(), server.messages.size());
            assertEquals(
                    accepted.get(),
                    server.messages.stream()
                            .filter(message -> message[0] == 'n')
                            .count());
            assertEquals(
                    1,
                    server.messages.stream()
                            .filter(ProtocolUpgradeTest::isUpgrade)
                            .count());
        }
    }
}
