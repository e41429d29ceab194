package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who cuts off has taken something by then, and nobody waits for it to say so: the other's report knows all the same. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronCutTest {
    private static final String IPC = "aeron:ipc";
    private static final String UDP = "aeron:udp?endpoint=localhost:0";

    /** More than one, for a cut that falls behind a word that is said now and then is reported right by luck. */
    private static final int CUTS = 5;

    private static final int BEFORE = 100;
    private static final int BEHIND = 50;

    private enum Cause {
        HANDLER_THROWS,
        HANDLER_CLOSES,
        OTHER_CLOSES
    }

    /** Cuts off at its last message, or is cut off by another thread when it has that. */
    private static final class Cutter implements ConnectionHandler {
        final CompletableFuture<Connection> opened = new CompletableFuture<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
        final AtomicLong taken = new AtomicLong();
        private final Cause cause;

        Cutter(final Cause cause) {
            this.cause = cause;
        }

        @Override
        public void onOpen(final Connection connection) {
            opened.complete(connection);
        }

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            if (taken.incrementAndGet() == BEFORE && cause != Cause.OTHER_CLOSES) {
                if (cause == Cause.HANDLER_THROWS) {
                    throw new IllegalStateException("the last that it takes");
                }
                on.closeNow();
            }
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }
    }

    @ParameterizedTest
    @CsvSource({
        IPC + ", HANDLER_THROWS",
        IPC + ", HANDLER_CLOSES",
        IPC + ", OTHER_CLOSES",
        UDP + ", HANDLER_THROWS",
        UDP + ", HANDLER_CLOSES",
        UDP + ", OTHER_CLOSES"
    })
    void shouldReportAsFlushedWhatThePeerHadTakenWhenItCutOff(final String anywhere, final Cause cause)
            throws Exception {
        final List<Cutter> cutters = new ArrayList<>();
        try (Transport transport = new Transport()) {
            final URI uri = transport
                    .listen(URI.create(anywhere), () -> {
                        cutters.add(new Cutter(cause));
                        return cutters.get(cutters.size() - 1);
                    })
                    .uri();
            for (int i = 0; i < CUTS; i++) {
                final Peers.Checker client = new Peers.Checker(1);
                final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
                final Cutter cutter = cutters.get(i);
                long accepted = 0;
                for (int number = 0; number < BEFORE + BEHIND; number++) {
                    if (number == BEFORE && cause == Cause.OTHER_CLOSES) {
                        Await.until(() -> cutter.taken.get() == BEFORE);
                        cutter.opened.get(Peers.DEADLINE_S, TimeUnit.SECONDS).closeNow();
                    }
                    if (Peers.offer(connection, ByteBuffer.allocate(20)) > 0) {
                        accepted++;
                    }
                }
                final CloseReport report = client.awaitClose();
                cutter.closed.get(Peers.DEADLINE_S, TimeUnit.SECONDS);
                assertEquals(CloseReason.PEER_RESET, report.reason(), report::toString);
                assertEquals(accepted, report.accepted(), report::toString);
                assertEquals(cutter.taken.get(), report.flushed(), report::toString);
                assertEquals(accepted - report.flushed(), report.undelivered(), report::toString);
            }
        }
    }

    /** Where what was sent before is not taken there is no room to say it: then the report tells that more may have been taken. */
    @Test
    void shouldTellThatThePeerHasNotSaidWhatItHadTaken() throws Exception {
        final Cutter cutter = new Cutter(Cause.OTHER_CLOSES);
        final Peers.Checker client = new Peers.Checker(1);
        try (Transport transport = new Transport()) {
            final URI uri = transport.listen(URI.create(IPC), () -> cutter).uri();
            final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            connection.pauseReading();
            final Connection server = cutter.opened.get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            Await.until(() -> server.offer(ByteBuffer.allocate(1_000)) == Connection.BACK_PRESSURED);
            assertTrue(Peers.offer(connection, ByteBuffer.allocate(20)) > 0);
            Await.until(() -> cutter.taken.get() == 1);
            server.closeNow();
            final CloseReport report = client.awaitClose();
            cutter.closed.get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(List.of(1L, 0L), List.of(report.accepted(), report.flushed()), report::toString);
            assertTrue(report.detail().contains("the peer has not said how much it took"), report::toString);
        }
    }

    /** Who has ended its stream goes on hearing, and is asked what it has taken like any other. */
    @ParameterizedTest
    @ValueSource(strings = {IPC, UDP})
    void shouldHearWhatAPeerHadTakenThatHasEndedItsStream(final String anywhere) throws Exception {
        final Peers.Checker server = new Peers.Checker(1);
        final Cutter client = new Cutter(Cause.OTHER_CLOSES);
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final ConnectionHandler hearing = new ConnectionHandler() {
            @Override
            public void onOpen(final Connection connection) {
                server.onOpen(connection);
            }

            @Override
            public void onPeerEnd(final Connection connection) {
                ended.complete(null);
            }

            @Override
            public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {}

            @Override
            public void onClose(final Connection connection, final CloseReport report) {
                server.onClose(connection, report);
            }
        };
        try (Transport transport =
                new Transport(new TransportContext().connectionContext(new ConnectionContext().allowHalfOpen(true)))) {
            final URI uri =
                    transport.listen(URI.create(anywhere), () -> hearing).uri();
            transport
                    .connect(uri, client)
                    .get(Peers.DEADLINE_S, TimeUnit.SECONDS)
                    .closeOutput();
            ended.get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            final Connection connection = server.awaitOpen();
            for (int number = 0; number < BEFORE; number++) {
                assertTrue(Peers.offer(connection, ByteBuffer.allocate(20)) > 0);
            }
            Await.until(() -> client.taken.get() == BEFORE);
            connection.closeNow();
            final CloseReport report = server.awaitClose();
            assertEquals(List.of(100L, 100L), List.of(report.accepted(), report.flushed()), report::toString);
        }
    }
}
