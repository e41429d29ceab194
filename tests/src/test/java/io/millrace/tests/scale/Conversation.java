package io.millrace.tests.scale;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One connection from its beginning to its account; the client's part is played by the thread that runs it. */
final class Conversation {
    /** A conversation in which nothing at all has moved for so long has failed. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SEND_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_MESSAGES = 120;

    private final Kind kind;
    private final Random random;
    private final int count;
    private final int turningPoint;
    private final Messages fromClient;
    private final End client;
    private final End server;

    Conversation(final long id, final Kind kind, final Random random) {
        this.kind = kind;
        this.random = random;
        count = 10 + random.nextInt(MOST_MESSAGES);
        turningPoint = 2 + random.nextInt(count - 2);
        fromClient = new Messages(id, 0, kind);
        final Messages fromServer = new Messages(id, 1, kind);
        client = new End(fromClient, fromServer);
        server = new End(fromServer, fromClient);
    }

    Kind kind() {
        return kind;
    }

    End server() {
        return server;
    }

    /** The message after which something happens. */
    int turningPoint() {
        return turningPoint;
    }

    long messages() {
        return client.received() + server.received();
    }

    /** Runs to the end; what is wrong, if anything. */
    Optional<String> run(final Transport transport, final URI uri, final ConnectionContext settings)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        if (kind == Kind.CLIENT_RESETS) {
            reset(uri.getPort());
            await(() -> server.report() != null, "the server's end");
            final boolean adds = server.report().accepted() == server.accepted()
                    && server.accepted()
                            == server.report().flushed() + server.report().undelivered()
                    && server.received() <= client.accepted() + turningPoint;
            return adds ? Optional.empty() : Optional.of("after a reset: " + server.report());
        }
        client.connection(transport.connect(uri, settings, new Client()).get(PATIENCE_NS, TimeUnit.NANOSECONDS));
        send(1);
        await(() -> server.received() > 0, "the first message");
        play();
        await(() -> client.report() != null && server.report() != null, "both ends");
        return client.faultOf(server, kind.serverGetsAll()).or(() -> server.faultOf(client, kind.clientGetsAll()));
    }

    private void play() throws InterruptedException {
        switch (kind) {
            case ANSWERED -> {
                send(count - 1);
                awaitAnswers();
                client.connection().close();
            }
            case CLIENT_PAUSES -> {
                client.connection().pauseReading();
                send(count - 1);
                client.connection().resumeReading();
                awaitAnswers();
                client.connection().close();
            }
            case SERVER_PAUSES -> {
                send(turningPoint);
                await(() -> server.received() >= turningPoint, "the pause");
                send(count - 1 - turningPoint);
                server.connection().resumeReading();
                awaitAnswers();
                client.connection().close();
            }
            case HALF_CLOSE -> {
                send(count - 1);
                client.connection().closeOutput();
            }
            case SERVER_CLOSES -> {
                send(count - 1);
                await(() -> client.report() != null, "the server's close");
            }
            case CLIENT_ABORTS -> {
                send(turningPoint);
                client.connection().closeNow();
            }
            case SLOW_CONSUMER -> {
                client.connection().pauseReading();
                await(() -> server.report() != null, "the cut");
                client.connection().resumeReading();
                await(() -> client.report() != null, "the end behind what was flushed");
            }
            default -> throw new IllegalStateException("kind=" + kind);
        }
    }

    /** At a gentle pace; some rests are longer than a ring is kept. */
    private void send(final int messages) throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            if (random.nextInt(8) == 0) {
                LockSupport.parkNanos(random.nextInt(random.nextInt(20) == 0 ? 200_000_000 : 10_000_000));
            }
            sendOne();
        }
    }

    private void sendOne() throws InterruptedException {
        final long before = client.accepted();
        final boolean blocking = random.nextBoolean();
        final Stall stall = new Stall();
        while (client.accepted() == before) {
            final long position = blocking ? client.send(SEND_NS) : client.offer();
            if (position == Connection.CLOSED) {
                return;
            }
            if (position < 0) {
                stall.check("room for message=" + before);
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    private void reset(final int port) throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            final OutputStream out = socket.getOutputStream();
            for (int number = 0; number <= turningPoint; number++) {
                final byte[] message = fromClient.message(number).array();
                out.write(ByteBuffer.allocate(Messages.PREFIX_LENGTH)
                        .putInt(message.length)
                        .array());
                out.write(message, 0, number < turningPoint ? message.length : message.length / 2);
            }
            await(() -> server.received() > 0, "the first message before the reset");
            socket.setSoLinger(true, 0);
        }
    }

    private void awaitAnswers() throws InterruptedException {
        await(() -> client.received() == client.accepted() || client.report() != null, "all answers");
    }

    private void await(final BooleanSupplier condition, final String what) throws InterruptedException {
        final Stall stall = new Stall();
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            stall.check(what);
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** Throws when nothing has moved for too long; as long as anything does, there is no deadline. */
    private final class Stall {
        private long progress = progress();
        private long sinceNs = System.nanoTime();

        private static long count(final CloseReport report) {
            return report == null ? 0 : 1;
        }

        private long progress() {
            return messages() + client.accepted() + server.accepted() + count(client.report()) + count(server.report());
        }

        void check(final String what) {
            final long now = progress();
            if (now != progress) {
                progress = now;
                sinceNs = System.nanoTime();
            } else if (System.nanoTime() - sinceNs > PATIENCE_NS) {
                throw new AssertionError("nothing moves: waiting for " + what + " " + fromClient + " client accepted="
                        + client.accepted() + " received=" + client.received() + " report=" + client.report()
                        + "; server accepted=" + server.accepted() + " received=" + server.received() + " report="
                        + server.report() + "; " + client.connection() + "; " + server.connection());
            }
        }
    }

    private final class Client implements ConnectionHandler {
        @Override
        public void onOpen(final Connection connection) {
            client.connection(connection);
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            client.receive(buffer, offset, length);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            client.closed(report);
        }
    }
}
