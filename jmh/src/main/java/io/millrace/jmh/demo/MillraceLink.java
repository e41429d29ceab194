package io.millrace.jmh.demo;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Listener;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** The link over Millrace, with its defaults. */
final class MillraceLink implements Link {
    private static final long DEADLINE_S = 20;

    private final Transport transport;
    private final Connection connection;
    private final CompletableFuture<CloseReport> serverEnd = new CompletableFuture<>();

    private MillraceLink(final String scheme, final RecordReceiver receiver, final LongConsumer onEcho)
            throws Exception {
        transport = new Transport(
                new TransportContext().tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())));
        try {
            final URI anywhere = URI.create(scheme.startsWith("aeron:") ? scheme : scheme + "://localhost:0");
            final Listener listener = transport.listen(anywhere, () -> new Server(receiver, serverEnd));
            connection = transport
                    .connect(
                            listener.uri(),
                            (c, buffer, offset, length) -> onEcho.accept(DemoRecord.sequence(buffer, offset)))
                    .get(DEADLINE_S, TimeUnit.SECONDS);
        } catch (final Exception ex) {
            transport.close();
            throw ex;
        }
    }

    static Factory over(final String scheme) {
        return (receiver, onEcho) -> new MillraceLink(scheme, receiver, onEcho);
    }

    @Override
    public boolean send(final ByteBuffer record) {
        return send(connection, record);
    }

    /** Sends a record, and waits while there is no room; false if the connection is closed. */
    static boolean send(final Connection connection, final ByteBuffer record) {
        long result = connection.offer(record);
        if (isBusy(result)) {
            final IdleStrategy idle = new BackoffIdleStrategy();
            do {
                idle.idle();
                result = connection.offer(record);
            } while (isBusy(result));
        }
        return result >= 0;
    }

    private static boolean isBusy(final long result) {
        return result == Connection.BACK_PRESSURED || result == Connection.ADMIN_ACTION;
    }

    @Override
    public Optional<TlsInfo> tls() {
        return connection.tls();
    }

    @Override
    public void close() {
        try (transport) {
            connection.close();
            serverEnd.orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
        }
    }

    private record Server(RecordReceiver receiver, CompletableFuture<CloseReport> end) implements ConnectionHandler {
        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            if (receiver.onRecord(buffer, offset, length)) {
                // A ping that finds the ring full stays away, and is counted as lost.
                connection.offer(buffer, offset, length);
            }
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            end.complete(report);
        }
    }
}
