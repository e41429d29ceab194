package io.millrace.tests.aeron;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the tests of this package have in common. */
final class Peers {
    static final long DEADLINE_S = 60;

    private Peers() {}

    /** Expects the messages of some senders, each of which counts its own; says what is wrong with them. */
    static final class Checker implements ConnectionHandler {
        final Queue<String> faults = new ConcurrentLinkedQueue<>();
        final AtomicLong received = new AtomicLong();
        final CompletableFuture<Connection> opened = new CompletableFuture<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
        private final long[] next;

        Checker(final int senders) {
            next = new long[senders];
        }

        static ByteBuffer message(final int sender, final long number, final int length) {
            final ByteBuffer message = ByteBuffer.allocate(Math.max(12, length));
            message.putInt(0, sender).putLong(4, number);
            for (int i = 12; i < message.capacity(); i++) {
                message.put(i, (byte) (sender + number + i));
            }
            return message;
        }

        @Override
        public void onOpen(final Connection connection) {
            opened.complete(connection);
        }

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            final int sender = buffer.getInt(offset);
            final long number = buffer.getLong(offset + 4);
            if (sender < 0 || sender >= next.length || number != next[sender]) {
                faults.add("sender=" + sender + " number=" + number);
                return;
            }
            next[sender]++;
            for (int i = 12; i < length; i++) {
                if (buffer.get(offset + i) != (byte) (sender + number + i)) {
                    faults.add("sender=" + sender + " number=" + number + " is broken at=" + i);
                    return;
                }
            }
            received.incrementAndGet();
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }

        Connection awaitOpen() throws Exception {
            return opened.get(DEADLINE_S, TimeUnit.SECONDS);
        }

        CloseReport awaitClose() throws Exception {
            return closed.get(DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    /** With a driver that sets connections up over UDP in less time than it takes by default. */
    static Transport quickTransport() {
        return new Transport(new TransportContext()
                .messageScheme(new AeronScheme(new AeronContext()
                        .driverSettings(driver -> driver.statusMessageTimeoutNs(TimeUnit.MILLISECONDS.toNanos(20))))));
    }

    /** A port that nobody had a moment ago. */
    static int freePort() throws SocketException {
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress("localhost", 0))) {
            return free.getLocalPort();
        }
    }

    static long offer(final Connection connection, final ByteBuffer message) {
        long result = connection.offer(message);
        while (result == Connection.BACK_PRESSURED || result == Connection.ADMIN_ACTION) {
            Thread.yield();
            result = connection.offer(message);
        }
        return result;
    }
}
