package io.millrace.jmh.demo;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionTotals;
import io.millrace.transport.Listener;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.CloseHelper;

/**
 * The load that the live page shows. Four senders stream records over one connection; a pinger sends one message every few
 * milliseconds over another and waits for its echo; and visitors come, get one echo, stay for some seconds and leave, so that
 * connections are made all the time, over TLS by resuming the session of one that came before.
 *
 * <p>Client and server have a transport each, so that the server's counters are the server's alone.
 */
final class LiveLoad implements AutoCloseable {
    static final int PINGS_PER_SECOND = 200;
    static final int VISITS_PER_SECOND = 5;
    static final int VISITORS = 10;

    private static final long DEADLINE_S = 20;
    private static final long PING_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1) / PINGS_PER_SECOND;
    private static final long VISIT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1) / VISITS_PER_SECOND;
    private static final long BURST_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What a sleeper may wake up too late. */
    private static final long SLACK_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long LONGEST_ROUND_TRIP_NS = TimeUnit.SECONDS.toNanos(60);

    private final Transport server;
    private final Transport client;
    private final DemoInput input;
    private final LivePace pace = new LivePace(System.nanoTime());
    private final RecordReceiver receiver = new RecordReceiver(StreamRun.SENDERS);
    private final SingleWriterRecorder roundTrips = new SingleWriterRecorder(LONGEST_ROUND_TRIP_NS, 2);
    private final AtomicLong resumed = new AtomicLong();

    /** Records that the stream took, of senders that have ended. */
    private final AtomicLong sent = new AtomicLong();

    private final List<Thread> threads = new ArrayList<>();
    private final Connection stream;
    private final Connection echoes;
    private final URI echoUri;

    LiveLoad(final DemoInput input, final String scheme) throws Exception {
        this.input = input;
        final SSLContext certificate = SelfSignedCertificate.sslContext();
        server = transport(certificate);
        client = transport(certificate);
        try {
            final URI streamUri = listen(scheme, () -> this::onRecord);
            echoUri = listen(scheme, Echo::new);
            stream = connect(streamUri, (connection, buffer, offset, length) -> {});
            echoes = connect(echoUri, (connection, buffer, offset, length) -> onEcho(buffer, offset));
        } catch (final Exception ex) {
            CloseHelper.quietCloseAll(client, server);
            throw ex;
        }
    }

    private static Transport transport(final SSLContext certificate) {
        return new Transport(new TransportContext().tlsContext(new TlsContext().sslContext(certificate)));
    }

    private URI listen(final String scheme, final Supplier<ConnectionHandler> handlers) {
        final Listener listener = server.listen(URI.create(scheme + "://localhost:0"), handlers);
        return URI.create(scheme + "://localhost:" + listener.address().getPort());
    }

    private Connection connect(final URI uri, final ConnectionHandler handler) throws Exception {
        return client.connect(uri, handler).get(DEADLINE_S, TimeUnit.SECONDS);
    }

    void start() {
        for (int i = 0; i < StreamRun.SENDERS; i++) {
            final int sender = i;
            threads.add(new Thread(() -> sendRecords(sender), "live-sender-" + i));
        }
        threads.add(new Thread(this::sendPings, "live-pinger"));
        threads.add(new Thread(this::sendVisitors, "live-visitors"));
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    // ---- the server

    private void onRecord(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
        receiver.onRecord(buffer, offset, length);
    }

    private final class Echo implements ConnectionHandler {
        @Override
        public void onOpen(final Connection connection) {
            if (connection.tls().map(TlsInfo::resumed).orElse(false)) {
                resumed.incrementAndGet();
            }
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            connection.offer(buffer, offset, length);
        }
    }

    // ---- the clients

    private void sendRecords(final int sender) {
        final RecordSender records = new RecordSender(input, sender, StreamRun.SENDERS);
        final int burst = (int) (LivePace.RATE / StreamRun.SENDERS * BURST_INTERVAL_NS / TimeUnit.SECONDS.toNanos(1));
        long due = System.nanoTime();
        boolean open = true;
        while (open && !stream.isClosed()) {
            if (pace.isFlatOut(System.nanoTime())) {
                open = send(records, burst);
                due = System.nanoTime();
            } else if (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            } else {
                open = send(records, burst);
                due += BURST_INTERVAL_NS;
            }
        }
        sent.addAndGet(records.sent());
    }

    private boolean send(final RecordSender records, final int burst) {
        boolean open = true;
        for (int i = 0; open && i < burst; i++) {
            open = records.send(record -> MillraceLink.send(stream, record));
        }
        return open;
    }

    private void sendPings() {
        final ByteBuffer ping = ByteBuffer.allocate(DemoRecord.HEADER_LENGTH);
        long due = System.nanoTime();
        while (!echoes.isClosed()) {
            final long early = due - System.nanoTime();
            if (early > SLACK_NS) {
                LockSupport.parkNanos(early - SLACK_NS);
            } else if (early > 0) {
                Thread.onSpinWait();
            } else {
                DemoRecord.encodePing(ping, due);
                MillraceLink.send(echoes, ping);
                due += PING_INTERVAL_NS;
            }
        }
    }

    private void onEcho(final ByteBuffer buffer, final int offset) {
        final long tookNs = System.nanoTime() - DemoRecord.sequence(buffer, offset);
        roundTrips.recordValue(Math.max(0, Math.min(LONGEST_ROUND_TRIP_NS, tookNs)));
    }

    private void sendVisitors() {
        final Deque<Connection> visitors = new ArrayDeque<>();
        long due = System.nanoTime();
        while (!echoes.isClosed()) {
            final long early = due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
                continue;
            }
            if (visitors.size() == VISITORS) {
                visitors.removeFirst().close();
            }
            visit().ifPresent(visitors::addLast);
            // One that took long is not made up for by a crowd.
            due = Math.max(due + VISIT_INTERVAL_NS, System.nanoTime());
        }
    }

    private Optional<Connection> visit() {
        final CompletableFuture<Void> echoed = new CompletableFuture<>();
        try {
            final Connection visitor = connect(echoUri, (connection, buffer, offset, length) -> echoed.complete(null));
            final ByteBuffer hello = ByteBuffer.allocate(DemoRecord.HEADER_LENGTH);
            DemoRecord.encodePing(hello, System.nanoTime());
            MillraceLink.send(visitor, hello);
            echoed.get(DEADLINE_S, TimeUnit.SECONDS);
            return Optional.of(visitor);
        } catch (final ExecutionException | TimeoutException | IllegalStateException ex) {
            // The end has come, or the machine has other things to do; the page shows that nobody came.
            return Optional.empty();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (final Exception ex) {
            throw new IllegalStateException("a visitor failed", ex);
        }
    }

    // ---- what it comes to

    Transport server() {
        return server;
    }

    /** Whether both connections that must not end still live. */
    boolean isRunning() {
        return !stream.isClosed() && !echoes.isClosed();
    }

    /** What TLS agreed on; empty without TLS. */
    Optional<TlsInfo> tls() {
        return stream.tls();
    }

    /** The counters of this moment, with those of the page's viewers. */
    LiveCounts counts(final int viewers, final long missed) {
        final long nowNs = System.nanoTime();
        final ConnectionTotals totals = server.counters().totals();
        return new LiveCounts(
                nowNs,
                System.currentTimeMillis(),
                pace.isFlatOut(nowNs),
                totals.messagesIn(),
                totals.bytesIn(),
                totals.backPressured() + client.counters().totals().backPressured(),
                server.connections().size(),
                server.counters().opened(),
                resumed.get(),
                receiver.missing(),
                receiver.corrupted(),
                viewers,
                missed);
    }

    /** Records that were accepted and did not arrive: after the end. */
    long lost() {
        return Math.max(receiver.missing(), sent.get() - receiver.records());
    }

    /** Round trips since the last call. One thread. */
    Histogram roundTrips() {
        return roundTrips.getIntervalHistogram();
    }

    @Override
    public void close() {
        end();
    }

    /** Sends what was accepted, waits for all threads, and frees everything; the counters stay. Idempotent. */
    void end() {
        stream.close();
        echoes.close();
        try {
            for (final Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        CloseHelper.closeAll(client, server);
    }
}
