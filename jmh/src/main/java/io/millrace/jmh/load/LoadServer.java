package io.millrace.jmh.load;

import io.millrace.jmh.connection.Fleet;
import io.millrace.jmh.connection.Fleets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The server of a run in a JVM of its own, for {@link ServerJvm}. It prints its port, answers each line of input with one, and
 * ends with its input. Once a message was wrong, that is every answer.
 */
final class LoadServer {
    static final String BEGIN = "begin";
    static final String TAKE = "take";
    static final String RECEIVED = "received";
    static final String USAGE = "usage";

    /** What an answer begins with. */
    static final String DONE = "done ";

    /** And one that says what happened. */
    static final String FAILED = "failed ";

    private final int connections;
    private final Sinks sinks;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private LoadServer(final int connections, final int length) {
        this.connections = connections;
        sinks = new Sinks(connections, length, cause -> failure.compareAndSet(null, cause));
    }

    /**
     * Serves.
     *
     * @param args the peer, the number of connections, the length of a message.
     */
    public static void main(final String[] args) {
        try {
            new LoadServer(Integer.parseInt(args[1]), Integer.parseInt(args[2])).serve(args[0]);
        } catch (final Exception | LinkageError | OutOfMemoryError ex) {
            say(FAILED + oneLine(ex));
        }
        // The server's threads would keep the JVM, and nothing of it is wanted any more.
        Runtime.getRuntime().halt(0);
    }

    private void serve(final String peer) throws Exception {
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Fleet.Server server = Fleets.apart(peer).serve(sinks::open)) {
            say(DONE + server.port());
            String question = in.readLine();
            while (question != null) {
                final String answer = answer(question);
                final Throwable cause = failure.get();
                say(cause == null ? DONE + answer : FAILED + oneLine(cause));
                question = in.readLine();
            }
        }
    }

    private String answer(final String question) {
        final String[] words = question.split(" ", 2);
        return switch (words[0]) {
            case BEGIN -> {
                // Both ends know the counts: all that was sent has arrived.
                sinks.begin(Schedule.parse(words[1], sinks.counts(connections)));
                yield "";
            }
            case TAKE -> text(sinks.take());
            case RECEIVED -> Long.toString(sinks.received());
            case USAGE -> Usage.now().text();
            default -> throw new IllegalArgumentException("no such question: " + question);
        };
    }

    static String text(final Histogram histogram) {
        final ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    static Histogram histogram(final String text) throws IOException {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), Latencies.LONGEST_NS);
        } catch (final DataFormatException ex) {
            throw new IOException("not a histogram: " + ex.getMessage(), ex);
        }
    }

    private static String oneLine(final Throwable cause) {
        return String.valueOf(cause.getMessage()).replace('\n', ' ');
    }

    @SuppressWarnings("SystemOut") // The other JVM reads it.
    private static void say(final String line) {
        System.out.println(line);
    }
}
