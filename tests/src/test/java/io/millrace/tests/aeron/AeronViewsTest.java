package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.millrace.tests.Await;
import io.millrace.tests.structure.ForkedJvm;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever keeps a buffer of Aeron's memory beyond its time finds it empty: were it not, the JVM would crash. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronViewsTest {
    @TempDir
    private Path folder;

    /** In a JVM of its own, for what this test looks for ends it. */
    @Test
    void shouldEmptyWhatIsKeptOfAConnectionThatHasEnded() throws Exception {
        final ForkedJvm child = ForkedJvm.run(
                Duration.ofSeconds(100),
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-CreateCoredumpOnCrash",
                        "--add-opens",
                        "java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Keeping.class.getName(),
                        folder.resolve("driver").toString()));
        assertEquals(0, child.exitStatus(), child.toString());
        assertEquals("""
                aeron:ipc kept=100 claimed=1 touched=0
                aeron:udp kept=100 claimed=1 touched=0
                aeron:ipc heard=100 touched=0
                """, child.output());
    }

    /** Keeps each buffer that it is given, and doesn't listen to anybody who says that it must not. */
    private static final class Keeper implements ConnectionHandler {
        final Queue<ByteBuffer> kept = new ConcurrentLinkedQueue<>();

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            kept.add(buffer);
        }
    }

    static final class Keeping {
        private static final int MESSAGES = 100;
        private static final int PUBLISHERS = 10;

        private Keeping() {}

        public static void main(final String[] args) throws Exception {
            connection("aeron:ipc");
            connection("aeron:udp");
            subscription(args[0]);
        }

        /** What long messages are put together in grows with them, and what was given away before is let go of. */
        private static void connection(final String channel) throws Exception {
            final Keeper server = new Keeper();
            final Peers.Checker client = new Peers.Checker(1);
            final Queue<ByteBuffer> claimed = new ConcurrentLinkedQueue<>();
            try (Transport transport = new Transport()) {
                final String anywhere = channel + (channel.equals("aeron:ipc") ? "" : "?endpoint=localhost:0");
                final URI uri =
                        transport.listen(URI.create(anywhere), () -> server).uri();
                final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
                for (int i = 0; i < MESSAGES - 1; i++) {
                    final ByteBuffer message = ByteBuffer.allocate(i % 10 == 9 ? 2_500 * i : 100);
                    Await.until(() -> connection.offer(message) > 0);
                }
                final MessageClaim claim = connection.newClaim();
                Await.until(() -> connection.tryClaim(1_000, claim) == 0);
                claimed.add(claim.buffer());
                claim.commit();
                Await.until(() -> server.kept.size() == MESSAGES);
                connection.close();
                client.awaitClose();
            }
            System.out.println(channel + " kept=" + server.kept.size() + " claimed=" + claimed.size() + " touched="
                    + (touched(server.kept) + touched(claimed)));
        }

        /** Each of the publishers has a log of its own, and comes and goes with the driver. */
        private static void subscription(final String directory) throws Exception {
            final Keeper subscriber = new Keeper();
            final AeronScheme scheme = new AeronScheme(
                    new AeronContext().directory(Path.of(directory)).embeddedDriver(true));
            try (Transport transport = new Transport(new TransportContext().messageScheme(scheme))) {
                transport
                        .connect(URI.create("aeron:ipc?stream-id=70&role=subscribe"), subscriber)
                        .get(Peers.DEADLINE_S, TimeUnit.SECONDS);
                try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory))) {
                    final List<ExclusivePublication> publishers = new ArrayList<>();
                    for (int i = 0; i < PUBLISHERS; i++) {
                        publishers.add(aeron.addExclusivePublication("aeron:ipc?term-length=64k", 70));
                    }
                    for (int i = 0; i < MESSAGES; i++) {
                        final ExclusivePublication publisher = publishers.get(i % PUBLISHERS);
                        Await.until(() -> publisher.offer(new UnsafeBuffer(new byte[100])) > 0);
                    }
                    Await.until(() -> subscriber.kept.size() == MESSAGES);
                }
            }
            System.out.println("aeron:ipc heard=" + subscriber.kept.size() + " touched=" + touched(subscriber.kept));
        }

        /** How many can still be read that lie in memory that is gone. */
        private static long touched(final Queue<ByteBuffer> kept) {
            return kept.stream()
                    .filter(ByteBuffer::isDirect)
                    .filter(Keeping::canRead)
                    .count();
        }

        private static boolean canRead(final ByteBuffer buffer) {
            try {
                for (int i = 0; i < buffer.capacity(); i += 4_096) {
                    buffer.get(i);
                }
                return true;
            } catch (final IndexOutOfBoundsException ex) {
                return false;
            }
        }
    }
}
