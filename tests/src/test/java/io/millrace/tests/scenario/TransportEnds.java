package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleContext;
import io.millrace.transport.IdleKind;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Millrace: one connection on real sockets, whose time passes when it is told to. */
final class TransportEnds implements Ends {
    static final int MISSED_LIMIT = 3;

    private static final long DEADLINE_S = 30;

    /** Short, for its threads sleep that long by the real clock before they look at ours. */
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(4);

    private final AtomicLong nowNs = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger idles = new AtomicInteger();
    private final Transport serving;
    private final Transport asking;
    private final Connection connection;

    private TransportEnds(
            final URI anywhere,
            final Optional<TlsContext> client,
            final Optional<TlsContext> server,
            final Party asker,
            final Party answerer)
            throws Exception {
        serving = new Transport(context(server, new IdleContext()).nanoClock(nowNs::get));
        asking = new Transport(context(
                        client,
                        new IdleContext().heartbeatIntervalNs(INTERVAL_NS).heartbeatMissedLimit(MISSED_LIMIT))
                .nanoClock(this::look));
        final URI uri = serving.listen(anywhere, () -> new Answering(answerer)).uri();
        connection = asking.connect(uri, new Answering(asker)).get(DEADLINE_S, TimeUnit.SECONDS);
    }

    static Design over(final String anywhere) {
        return (client, server) ->
                new TransportEnds(URI.create(anywhere), Optional.empty(), Optional.empty(), client, server);
    }

    static Design tls(final TlsContext clientTls, final TlsContext serverTls) {
        return (client, server) -> new TransportEnds(
                URI.create("tls://localhost:0"), Optional.of(clientTls), Optional.of(serverTls), client, server);
    }

    private long look() {
        looks.incrementAndGet();
        return nowNs.get();
    }

    private static TransportContext context(final Optional<TlsContext> tls, final IdleContext idle) {
        final TransportContext context =
                new TransportContext().connectionContext(new ConnectionContext().idleContext(idle));
        return tls.map(context::tlsContext).orElse(context);
    }

    /** Sends a party's answers from inside the call; what does not fit, as soon as there is room. */
    private final class Answering implements ConnectionHandler {
        private final Party party;
        private final Queue<byte[]> owed = new ArrayDeque<>();

        Answering(final Party party) {
            this.party = party;
        }

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            final byte[] message = new byte[length];
            buffer.get(offset, message);
            answer(on, party.onMessage(message));
        }

        @Override
        public void onIdle(final Connection on, final IdleKind kind) {
            idles.incrementAndGet();
            answer(on, party.onIdle());
        }

        private void answer(final Connection on, final byte[] message) {
            if (message != null) {
                owed.add(message);
                pay(on);
            }
        }

        private void pay(final Connection on) {
            while (!owed.isEmpty() && on.offer(ByteBuffer.wrap(owed.peek())) > 0) {
                owed.remove();
            }
        }

        @Override
        public void onWritable(final Connection on) {
            pay(on);
        }
    }

    @Override
    public void send(final byte[] message) throws InterruptedException {
        assertTrue(connection.send(ByteBuffer.wrap(message), TimeUnit.SECONDS.toNanos(DEADLINE_S)) > 0);
    }

    @Override
    public void idle() {
        // What came before has begun an interval once the timers were looked at: twice a turn at most.
        final int looksBefore = looks.get();
        Await.until(() -> looks.get() - looksBefore > 4);
        final int idlesBefore = idles.get();
        nowNs.addAndGet(INTERVAL_NS);
        Await.until(() -> idles.get() > idlesBefore || !isOpen());
    }

    @Override
    public boolean isOpen() {
        return connection.state().phase() != ConnectionPhase.CLOSED;
    }

    /** How the client's end came to its end. */
    CloseReport report() throws Exception {
        return connection.closed().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        asking.close();
        serving.close();
    }
}
