package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages a second that one publisher brings to every subscriber: times {@link #subscribers} is what is delivered. It publishes
 * {@link #BATCH} and waits until all have got them, so that nobody is overtaken. The subscribers are the same for all: one
 * thread in the same JVM. {@code ulimit -n} has to allow for two descriptors a subscriber, four with Millrace's platform threads.
 *
 * <p>Two cores, messages/s to a thousand, 64 bytes, two forks of three iterations, JDK 17: Millrace on platform threads 1,070 to 2,670,
 * Netty's NIO 130 to 170, its epoll that flushes once a batch 430 to 1,050, Jetty 65 to 75, Java-WebSocket 196 to 206; on virtual threads, JDK 25, 3,980 to
 * 4,630. Until a thread of the broadcast's woke the subscribers, 40 on platform threads: the publisher was one of a thousand and one
 * runnable threads, ran once a round, and each of its messages woke all others anew. On virtual threads it was 1,960 to 2,240 then, beside other work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(2)
public class Broadcast {
    private static final int BATCH = 100;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Who publishes; {@code millrace-virtual} takes JDK 21 or later. */
    @Param({
        "baseline-java-websocket",
        "baseline-jetty",
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-epoll-best",
        "millrace"
    })
    public String peer;

    /** How many there are. */
    @Param("1000")
    public int subscribers;

    /** Of a message, in bytes. */
    @Param("64")
    public int length;

    private Payload payload;
    private Broadcaster broadcaster;
    private Subscribers clients;

    /**
     * Connects all.
     *
     * @throws Exception if the peer can't.
     */
    @Setup(Level.Trial)
    public void start() throws Exception {
        payload = new Payload(0, length);
        broadcaster = Broadcaster.of(peer);
        final long before = descriptors();
        clients = new Subscribers(subscribers, broadcaster.port(), length);
        final long startNs = System.nanoTime();
        while (broadcaster.subscribers() < subscribers) {
            if (System.nanoTime() - startNs > DEADLINE_NS) {
                throw new IllegalStateException("not all subscribed: subscribers=" + broadcaster.subscribers());
            }
            Thread.sleep(1);
        }
        System.out.println(String.format(
                Locale.ROOT,
                "%.2f descriptors a subscriber, the client's included",
                (descriptors() - before) / (double) subscribers));
    }

    private static long descriptors() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    /**
     * Brings a batch to all.
     *
     * @throws IOException if the peer fails.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void publish() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            broadcaster.publish(payload.stamped());
            payload.sent();
        }
        broadcaster.flush();
        clients.await(payload.count() * subscribers);
    }

    /**
     * Disconnects all.
     *
     * @throws IOException if the peer fails.
     */
    @TearDown(Level.Trial)
    public void stop() throws IOException {
        clients.close();
        broadcaster.close();
    }
}
