package io.millrace.tests.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Driving;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.TransportContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose operating system gives it no more: who comes too many is refused and counted, who is there notices
 * nothing, and when some have gone others get in.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScarceResourcesTest {
    private static final int EARLY = 10;
    private static final int TOO_MANY = 100;
    private static final int LEAVING = 6;
    private static final int LATE = 3;

    @TempDir
    private Path folder;

    @Test
    void shouldRefuseAndRecoverWhenThereAreNoMoreDescriptors() throws Exception {
        refuseAndRecover("ulimit -n 160", List.of("-Xmx256m"), RefusalReason.NO_DESCRIPTOR);
    }

    /** Every stack takes 512 MiB of addresses, and of these there are not many. */
    @Test
    void shouldRefuseAndRecoverWhenThereAreNoMoreThreads() throws Exception {
        final List<String> flags = List.of(
                "-Xss512m",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:CompressedClassSpaceSize=64m");
        refuseAndRecover("ulimit -v 25000000", flags, RefusalReason.OUT_OF_RESOURCES);
    }

    private void refuseAndRecover(final String limits, final List<String> flags, final RefusalReason reason)
            throws Exception {
        try (ServerJvm server = new ServerJvm(folder, limits, flags, Driving.THREAD);
                Crowd crowd = new Crowd(server.port(), new TransportContext())) {
            crowd.join(EARLY);
            assertEquals(EARLY, crowd.living());
            crowd.join(TOO_MANY);
            final int living = crowd.living();
            assertTrue(living > EARLY && living < EARLY + TOO_MANY, "living=" + living + " " + server.counts());
            assertEquals(EARLY + TOO_MANY - living, crowd.turnedAway());
            // A connection that got no thread ends before it is counted.
            awaitCount(server, reason.name(), crowd.turnedAway());
            crowd.talk();
            assertEquals(living, crowd.living());

            crowd.leave(LEAVING);
            awaitCount(server, "connections", living - LEAVING);
            // Who left is counted out before its thread has given back its stack.
            Crowd.await("room", () -> joinOne(crowd) == living - LEAVING + LATE, crowd::living);
            crowd.talk();
            awaitCount(server, reason.name(), crowd.turnedAway());
            assertEquals(crowd.received(), server.counts().get("messages"));
            assertEquals(0, server.drain(), "the server did not drain in the proper way");
            crowd.awaitAllOver();
            assertEquals(Optional.empty(), crowd.fault());
        }
    }

    private static int joinOne(final Crowd crowd) {
        crowd.join(1);
        return crowd.living();
    }

    private static void awaitCount(final ServerJvm server, final String name, final long wanted) {
        Crowd.await(name + "=" + wanted, () -> count(server, name) == wanted, () -> count(server, name));
    }

    private static long count(final ServerJvm server, final String name) {
        try {
            return server.counts().get(name);
        } catch (final java.io.IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
    }
}
