package io.millrace.tests.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.transport.Connection;
import io.millrace.transport.Transport;
import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On the class path of a Java runtime that was linked without the Flight Recorder, connections do without it. */
class WithoutFlightRecorderTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void shouldConnectWhereThereIsNoFlightRecorder() throws Exception {
        final List<Path> path = new ArrayList<>(LibraryModule.path());
        path.add(LibraryModule.locationOf(Echo.class));

        final ForkedJvm child = ForkedJvm.run(
                DEADLINE,
                List.of(
                        "--limit-modules",
                        "java.base,jdk.unsupported",
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                path.stream().map(Path::toString).toList()),
                        Echo.class.getName()));

        assertEquals(new ForkedJvm(0, "without: 7", ""), child);
    }

    static final class Echo {
        private Echo() {}

        public static void main(final String[] args) throws Exception {
            final String with = ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "with" : "without";
            try (Transport transport = new Transport()) {
                final URI uri = transport
                        .listen(
                                URI.create("tcp://localhost:0"),
                                () -> (connection, buffer, offset, length) -> connection.offer(buffer, offset, length))
                        .uri();
                final CompletableFuture<Integer> echo = new CompletableFuture<>();
                final Connection connection = transport
                        .connect(uri, (from, buffer, offset, length) -> echo.complete(length))
                        .get(30, TimeUnit.SECONDS);
                connection.offer(ByteBuffer.allocate(7));
                System.out.print(with + ": " + echo.get(30, TimeUnit.SECONDS));
            }
        }
    }
}
