package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What senders do to the log, as the peer sees it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronSendTest {
    /** A batch is one message of Aeron's: the rest of it waits, and nothing of it comes twice. */
    @Test
    void shouldGoOnWithinABatchWhereTheReceiverPaused() throws Exception {
        final Peers.Checker checker = new Peers.Checker(1);
        final ConnectionHandler pausing = new ConnectionHandler() {
            @Override
            public void onOpen(final Connection connection) {
                checker.onOpen(connection);
            }

            @Override
            public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
                on.pauseReading();
                checker.onMessage(on, buffer, offset, length);
            }
        };
        try (Transport transport = new Transport()) {
            final URI uri =
                    transport.listen(URI.create("aeron:ipc"), () -> pausing).uri();
            final Connection connection =
                    transport.connect(uri, new Peers.Checker(1)).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            final int[] lengths = {20, 300, 12, 1_000, 13};
            final ByteBuffer batch = ByteBuffer.allocate(1_345);
            for (int i = 0; i < lengths.length; i++) {
                batch.put(Peers.Checker.message(0, i, lengths[i]));
            }
            assertTrue(connection.offerBatch(batch, 0, lengths, lengths.length) > 0);
            assertTrue(connection.offer(Peers.Checker.message(0, lengths.length, 50)) > 0);
            final Connection server = checker.awaitOpen();
            for (int i = 1; i <= lengths.length + 1; i++) {
                final int expected = i;
                Await.until(() -> checker.received.get() == expected || !checker.faults.isEmpty());
                server.resumeReading();
            }
            assertEquals(List.of(), List.copyOf(checker.faults));
        }
    }

    /** Were its room not given back, all that comes behind would be held up by it. */
    @Test
    void shouldGiveTheRoomBackWhenTheCallersBufferThrows() throws Exception {
        final UnsafeBuffer throwing = new UnsafeBuffer(new byte[100]) {
            @Override
            public void getBytes(final int index, final ByteBuffer target, final int offset, final int length) {
                throw new IllegalStateException("deliberate");
            }
        };
        for (final String anywhere : List.of("aeron:ipc", "aeron:udp?endpoint=localhost:0")) {
            final Peers.Checker server = new Peers.Checker(1);
            final Peers.Checker client = new Peers.Checker(1);
            try (Transport transport = new Transport()) {
                final URI uri =
                        transport.listen(URI.create(anywhere), () -> server).uri();
                final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
                assertThrows(IllegalStateException.class, () -> connection.offer(throwing, 0, 100));
                assertTrue(connection.offer(Peers.Checker.message(0, 0, 100)) > 0);
                connection.close();
                final CloseReport report = client.awaitClose();
                assertEquals(CloseReason.LOCAL_CLOSE, report.reason(), report::toString);
                assertEquals(List.of(1L, 1L), List.of(report.accepted(), report.flushed()));
                server.awaitClose();
                assertEquals(1, server.received.get());
            }
        }
    }
}
