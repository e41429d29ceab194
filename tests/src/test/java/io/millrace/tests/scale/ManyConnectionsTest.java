package io.millrace.tests.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Driving;
import io.millrace.transport.TransportContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code millrace.scale.connections} at once, between two JVMs: each talks, each message is checked, together they cost next
 * to no CPU while nobody talks, and all end in the proper way. On a platform thread each connection takes three descriptors on either side; on a virtual one it takes one,
 * and {@code millrace.scale.virtual.connections} says how many there are.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyConnectionsTest {
    private static final int CONNECTIONS = Integer.getInteger("millrace.scale.connections", 300);
    private static final int VIRTUAL_CONNECTIONS = Integer.getInteger("millrace.scale.virtual.connections", 300);
    private static final int ROUNDS = 4;

    /** Of one core, while all are idle. */
    private static final double MOST_IDLE_CPU = 0.02;

    private static final int IDLE_LOOKS = 20;
    private static final long IDLE_LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path folder;

    @Test
    void shouldServeAllWhenEachHasAPlatformThread() throws Exception {
        serve(Driving.THREAD, CONNECTIONS);
    }

    @Test
    @EnabledForJreRange(minVersion = 21)
    void shouldServeAllWhenEachHasAVirtualThread() throws Exception {
        serve(Driving.VIRTUAL_THREAD, VIRTUAL_CONNECTIONS);
    }

    private void serve(final Driving driving, final int connections) throws Exception {
        try (ServerJvm server = new ServerJvm(folder, "true", List.of("-Xmx2g"), driving);
                Crowd crowd = new Crowd(server.port(), new TransportContext().driving(driving))) {
            serve(server, crowd, connections);
        }
    }

    private static void serve(final ServerJvm server, final Crowd crowd, final int connections) throws Exception {
        crowd.join(connections);
        assertEquals(connections, crowd.living());
        for (int i = 0; i < ROUNDS; i++) {
            crowd.talk();
        }
        assertIdle(server);
        final Map<String, Long> counts = server.counts();
        assertEquals(connections, counts.get("accepted"));
        assertEquals(connections, counts.get("connections"));
        assertEquals((1L + ROUNDS) * connections, crowd.sent());
        assertEquals(crowd.sent(), crowd.received());
        assertEquals(crowd.sent(), counts.get("messages"));
        assertEquals(0, counts.get("wrong"));
        assertEquals(0, server.drain(), "the server did not drain in the proper way");
        crowd.awaitAllOver();
        assertEquals(Optional.empty(), crowd.fault());
    }

    /** Behind their last words the connections let their buffers go, and the JVM still compiles: it need not be at once. */
    private static void assertIdle(final ServerJvm server) {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < IDLE_LOOKS && least >= MOST_IDLE_CPU; i++) {
            least = Math.min(least, server.cpuDuring(IDLE_LOOK_NS));
        }
        assertTrue(least < MOST_IDLE_CPU, "of one core while all are idle: " + least);
    }
}
