package io.millrace.tests.scale;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server in a JVM of its own, for a {@link Crowd}: checks each message, and answers it with one. It prints its port,
 * answers each line of input with its counts, and drains when its input ends; the exit status is 0 if all ended in the proper way
 * and no message was wrong.
 */
final class EchoServer {
    /** Before each line that is not the JVM's own. */
    static final String MARK = "server: ";

    /** A ring of 1 MiB for each of thousands would be memory spent on nothing. */
    static final int CAPACITY = 64 * 1024;

    private static final int BACKLOG = 4_096;
    private static final long DRAIN_S = 60;

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();

    private EchoServer() {}

    static ConnectionContext settings() {
        return new ConnectionContext().maxMessageLength(Messages.MAX_LENGTH).outboundCapacity(CAPACITY);
    }

    /**
     * Serves.
     *
     * @param args who drives the connections.
     * @throws IOException if its input can't be read.
     */
    public static void main(final String[] args) throws IOException {
        System.exit(new EchoServer()
                .serve(new TransportContext().driving(Driving.valueOf(args[0])).connectionContext(settings())));
    }

    private int serve(final TransportContext context) throws IOException {
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final Transport transport = new Transport(context);
        final Listener listener =
                transport.listen(URI.create("tcp://localhost:0"), new ListenerContext().backlog(BACKLOG), Echo::new);
        say("port=" + listener.address().getPort());
        while (in.readLine() != null) {
            say(counts(listener, transport));
        }
        final boolean drained = transport.drain(TimeUnit.SECONDS.toNanos(DRAIN_S));
        return drained && wrong.get() == 0 ? 0 : 1;
    }

    private String counts(final Listener listener, final Transport transport) {
        final StringBuilder counts = new StringBuilder();
        counts.append("accepted=").append(listener.counters().accepted());
        counts.append(" connections=").append(listener.counters().connections());
        counts.append(" opened=").append(transport.counters().opened());
        counts.append(" messages=").append(messages);
        counts.append(" wrong=").append(wrong);
        counts.append(" undelivered=").append(undelivered);
        for (final RefusalReason reason : RefusalReason.values()) {
            counts.append(' ')
                    .append(reason)
                    .append('=')
                    .append(listener.counters().refused(reason));
        }
        return counts.toString();
    }

    private static void say(final String line) {
        System.out.println(MARK + line);
    }

    private final class Echo implements ConnectionHandler {
        private End end;

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            if (end == null) {
                final long conversation = Messages.conversationOf(buffer, offset);
                end = new End(
                        new Messages(conversation, 1, Kind.ANSWERED), new Messages(conversation, 0, Kind.ANSWERED));
                end.connection(connection);
            }
            end.receive(buffer, offset, length);
            messages.incrementAndGet();
            if (end.offer() < 0) {
                throw new IllegalStateException("the answer was refused");
            }
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            undelivered.addAndGet(report.undelivered());
            if (end != null && end.isFaulty()) {
                wrong.incrementAndGet();
            }
        }
    }
}
