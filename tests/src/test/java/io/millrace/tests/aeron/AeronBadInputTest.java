package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.aeron.CncFileDescriptor;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.millrace.tests.Await;
import io.millrace.tests.structure.ForkedJvm;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import io.millrace.transport.frame.RawStreamProtocol;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One clear sentence that names the value. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronBadInputTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("aeron:tcp", "malformed channel"),
                Arguments.of("aeron://localhost:1", "malformed channel"),
                Arguments.of("aeron:udp", "no endpoint"),
                Arguments.of("aeron:udp?endpoint=localhost", "endpoint=localhost"),
                Arguments.of("aeron:udp?endpoint=localhost:70000", "endpoint=localhost:70000"),
                Arguments.of("aeron:udp?endpoint=localhost:0&control=x", "control=x"),
                Arguments.of("aeron:ipc?endpoint=localhost:1", "shared memory has no endpoint"),
                Arguments.of("aeron:ipc?term-length", "parameter=term-length"),
                Arguments.of("aeron:ipc?colour=red", "parameter=colour=red"),
                Arguments.of("aeron:ipc?mtu=1408&mtu=1408", "parameter=mtu"),
                Arguments.of("aeron:ipc?mtu=1000", "mtu=1000"),
                Arguments.of("aeron:ipc?stream-id=-5", "stream-id=-5"),
                Arguments.of("aeron:ipc?term-length=1000", "term-length=1000"),
                Arguments.of("aeron:ipc?term-length=100k", "term-length=100k"),
                Arguments.of("aeron:ipc?term-length=2g", "term-length=2g"),
                Arguments.of("aeron:ipc?term-length=big", "term-length=big"),
                Arguments.of("aeron:ipc?term-length=64k", "maxMessageLength=262144"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void shouldNameWhatIsWrongWithAChannel(final String uri, final String named) {
        try (Transport transport = new Transport()) {
            for (final var call : List.<org.junit.jupiter.api.function.Executable>of(
                    () -> transport.listen(URI.create(uri), () -> new Peers.Checker(1)),
                    () -> transport.connect(URI.create(uri), new Peers.Checker(1)))) {
                final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
                assertSentence(refused.getMessage(), named);
                assertTrue(refused.getMessage().contains("uri=" + uri), refused.getMessage());
            }
        }
    }

    private static void assertSentence(final String text, final String... named) {
        assertFalse(text.contains("\n"), text);
        for (final String part : named) {
            assertTrue(text.contains(part), () -> part + " not in: " + text);
        }
    }

    private static Transport with(final AeronContext context) {
        return new Transport(new TransportContext().messageScheme(new AeronScheme(context)));
    }

    @Test
    void shouldRefuseSettingsThatAreForStreamsOfBytes() {
        try (Transport transport = new Transport()) {
            final ConnectionContext framed = new ConnectionContext().protocol(new RawStreamProtocol(100));
            final var refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> transport.connect(URI.create("aeron:ipc"), framed, new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "takes no protocol", "uri=aeron:ipc");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> transport.listen(
                            URI.create("aeron:ipc"),
                            new ListenerContext().connectionContext(framed),
                            () -> new Peers.Checker(1)));
        }
    }

    @Test
    void shouldSayThatNobodyConnectsByMulticast() {
        try (Transport transport = new Transport()) {
            final URI uri = URI.create("aeron:udp?endpoint=224.0.1.1:45874");
            final var refused = assertThrows(
                    IllegalArgumentException.class, () -> transport.listen(uri, () -> new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "multicast", "endpoint=224.0.1.1:45874", "uri=" + uri);
        }
    }

    @Test
    void shouldSayThatThePortIsInUse() throws Exception {
        try (Transport transport = new Transport();
                DatagramSocket other = new DatagramSocket(new InetSocketAddress("localhost", 0))) {
            final String uri = "aeron:udp?endpoint=localhost:" + other.getLocalPort();
            final UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class, () -> transport.listen(URI.create(uri), () -> new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "in use", "uri=" + uri);
        }
    }

    @Test
    void shouldSayThatThePortToAnswerFromIsInUse() throws Exception {
        try (Transport transport = new Transport();
                DatagramSocket other = new DatagramSocket(new InetSocketAddress("localhost", 0))) {
            final String uri =
                    "aeron:udp?endpoint=localhost:" + Peers.freePort() + "&control=localhost:" + other.getLocalPort();
            final UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class, () -> transport.listen(URI.create(uri), () -> new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "in use", "address=localhost:" + other.getLocalPort());
        }
    }

    /** Behind a firewall it has to be the one that is said; and what is found must be known to who connects. */
    @ParameterizedTest
    @ValueSource(
            strings = {"endpoint=localhost:0&control=localhost:PORT", "endpoint=localhost:PORT&control=localhost:0"})
    void shouldListenAtThePortThatIsSaidAndFindTheOther(final String form) throws Exception {
        final String port = "localhost:" + Peers.freePort();
        try (Transport transport = new Transport()) {
            final URI uri = transport
                    .listen(URI.create("aeron:udp?" + form.replace("localhost:PORT", port)), () -> new Peers.Checker(1))
                    .uri();
            assertTrue(uri.toString().contains(port) && !uri.toString().contains("localhost:0"), uri.toString());
            transport.connect(uri, new Peers.Checker(1)).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    private static void shouldBeInUse(final Transport transport, final String uri) {
        final UncheckedIOException refused = assertThrows(
                UncheckedIOException.class, () -> transport.listen(URI.create(uri), () -> new Peers.Checker(1)));
        assertSentence(refused.getMessage(), "in use by another listener", "streams=", "uri=" + uri);
    }

    /** A listener hears all that comes on its stream, which would be another's clients, and holds them up. */
    @Test
    void shouldSayThatOneOfTheStreamsIsInUse() {
        try (Transport transport = new Transport()) {
            transport.listen(URI.create("aeron:ipc?stream-id=10"), () -> new Peers.Checker(1));
            for (final int taken : new int[] {8, 9, 10, 11, 12}) {
                shouldBeInUse(transport, "aeron:ipc?stream-id=" + taken);
            }
            for (final int free : new int[] {7, 13}) {
                transport.listen(URI.create("aeron:ipc?stream-id=" + free), () -> new Peers.Checker(1));
            }
        }
    }

    /** The driver looks after the clients that have gone in its own time. */
    @Test
    void shouldListenAtOnceWhereItCouldNotBefore() throws Exception {
        final AeronContext slow =
                new AeronContext().driverSettings(driver -> driver.timerIntervalNs(TimeUnit.SECONDS.toNanos(3)));
        final DatagramSocket other = new DatagramSocket(new InetSocketAddress("localhost", 0));
        try (Transport transport = with(slow)) {
            transport.listen(URI.create("aeron:ipc"), () -> new Peers.Checker(1));
            final URI uri = URI.create(
                    "aeron:udp?endpoint=localhost:" + Peers.freePort() + "&control=localhost:" + other.getLocalPort());
            assertThrows(UncheckedIOException.class, () -> transport.listen(uri, () -> new Peers.Checker(1)));
            other.close();
            transport.listen(uri, () -> new Peers.Checker(1));
        } finally {
            other.close();
        }
    }

    @Test
    void shouldSayThatAnotherDriverHasTheDirectory() {
        final Path directory = folder.resolve("driver");
        try (MediaDriver running = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(directory.toString())
                        .threadingMode(ThreadingMode.SHARED));
                Transport transport =
                        with(new AeronContext().directory(directory).embeddedDriver(true))) {
            final UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class,
                    () -> transport.listen(URI.create("aeron:ipc"), () -> new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "Active media driver", "directory=" + running.aeronDirectoryName());
        }
    }

    @Test
    void shouldSayThatNoDriverRuns() {
        final Path directory = folder.resolve("none");
        try (Transport transport = with(new AeronContext().directory(directory))) {
            final UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class, () -> transport.connect(URI.create("aeron:ipc"), new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "no media driver is running", "directory=" + directory);
        }
    }

    @Test
    void shouldSayThatTheDriverIsOfAnotherVersion() throws Exception {
        final Path directory = folder.resolve("old");
        MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(directory.toString())
                        .threadingMode(ThreadingMode.SHARED))
                .close();
        try (FileChannel cnc =
                FileChannel.open(directory.resolve(CncFileDescriptor.CNC_FILE), StandardOpenOption.WRITE)) {
            // Major version 9, as Aeron composes it.
            final ByteBuffer version =
                    ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, 9 << 16);
            cnc.write(version, CncFileDescriptor.cncVersionOffset(0));
        }
        try (Transport transport = with(new AeronContext().directory(directory))) {
            final UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class, () -> transport.connect(URI.create("aeron:ipc"), new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "version", "9.0.0", "directory=" + directory);
        }
    }

    @Test
    void shouldSayThatThereIsNoSpaceForADriver() throws Exception {
        final Path small = mount("6m");
        final Path directory = small.resolve("driver");
        try (Transport transport = with(new AeronContext().directory(directory).embeddedDriver(true))) {
            final UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class,
                    () -> transport.listen(URI.create("aeron:ipc"), () -> new Peers.Checker(1)));
            assertSentence(refused.getMessage(), "no space", "usableBytes=", "directory=" + directory);
            assertFalse(directory.toFile().exists());
        } finally {
            assertEquals(0, run("umount", "-l", small.toString()));
        }
    }

    private Path mount(final String size) throws Exception {
        final Path small = folder.resolve("small");
        assertTrue(small.toFile().mkdir());
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", small.toString()) == 0,
                "SKIPPED: no small file system may be mounted here");
        return small;
    }

    @Test
    void shouldSayThatThereIsNoSpaceForAConnection() throws Exception {
        final Path small = mount("28m");
        try (Transport transport =
                with(new AeronContext().directory(small.resolve("driver")).embeddedDriver(true))) {
            final URI uri = URI.create("aeron:ipc");
            final Listener listener = transport.listen(uri, () -> new Peers.Checker(1));
            final ConnectionContext large =
                    new ConnectionContext().maxMessageLength(4 * 1024 * 1024).outboundCapacity(8 * 1024 * 1024);
            final var connecting = transport.connect(listener.uri(), large, new Peers.Checker(1));
            final ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> connecting.get(Peers.DEADLINE_S, TimeUnit.SECONDS));
            assertSentence(refused.getCause().getMessage(), "insufficient", "uri=aeron:ipc");
        } finally {
            assertEquals(0, run("umount", "-l", small.toString()));
        }
    }

    /** What was there when a connection was opened is its own, though others take all the rest. */
    @Test
    void shouldKeepWhatAConnectionNeedsWhenTheRestOfTheSpaceIsTaken() throws Exception {
        final ConnectionContext settings =
                new ConnectionContext().maxMessageLength(8_000).outboundCapacity(32 * 1024);
        final Peers.Checker server = new Peers.Checker(1);
        final Path small = mount("32m");
        final AeronContext dense = new AeronContext()
                .directory(small.resolve("driver"))
                .embeddedDriver(true)
                .sparseLogs(false);
        try (Transport transport = new Transport(
                new TransportContext().connectionContext(settings).messageScheme(new AeronScheme(dense)))) {
            final Listener listener = transport.listen(URI.create("aeron:ipc"), () -> server);
            final Connection connection =
                    transport.connect(listener.uri(), new Peers.Checker(1)).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            fill(small);
            // Some times round the log's three terms of 64 KiB.
            for (int i = 0; i < 1_000; i++) {
                assertTrue(Peers.offer(connection, Peers.Checker.message(0, i, 1_000)) > 0);
            }
            Await.until(() -> server.received.get() == 1_000);
            final var connecting = transport.connect(listener.uri(), new Peers.Checker(1));
            final ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> connecting.get(Peers.DEADLINE_S, TimeUnit.SECONDS));
            assertSentence(refused.getCause().getMessage(), "insufficient", "uri=aeron:ipc");
        } finally {
            assertEquals(0, run("umount", "-l", small.toString()));
        }
    }

    /** To the last page. */
    private static void fill(final Path directory) throws java.io.IOException {
        try (FileChannel file =
                FileChannel.open(directory.resolve("rest"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            boolean isFull = false;
            while (!isFull) {
                try {
                    file.write(ByteBuffer.allocate(4_096));
                } catch (final java.io.IOException ex) {
                    isFull = true;
                }
            }
        }
    }

    /** Where nobody may mount anything, at least what is taken can be looked at. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeTheMemoryOfALogWhenItIsMadeUnlessThatIsSparse(final boolean sparse) throws Exception {
        final Path directory = folder.resolve("driver");
        try (Transport transport = with(
                new AeronContext().directory(directory).embeddedDriver(true).sparseLogs(sparse))) {
            final URI uri = transport
                    .listen(URI.create("aeron:ipc"), () -> new Peers.Checker(1))
                    .uri();
            transport.connect(uri, new Peers.Checker(1)).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            final Process du = new ProcessBuilder(
                            "du", "-sk", directory.resolve("publications").toString())
                    .start();
            final String taken = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assumeTrue(du.waitFor() == 0, "SKIPPED: du is not here");
            final int kilobytes = Integer.parseInt(taken.substring(0, taken.indexOf('\t')));
            // Two of 6 MiB, and what they knocked with.
            final boolean isLess = kilobytes < 12 * 1024;
            assertEquals(sparse, isLess, taken);
        }
    }

    private static int run(final String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (final java.io.IOException ex) {
            return -1;
        }
    }

    @Test
    void shouldSayWhichFlagIsMissing() throws Exception {
        final ForkedJvm child = ForkedJvm.run(
                Duration.ofSeconds(60),
                List.of("-cp", System.getProperty("java.class.path"), WithoutFlag.class.getName()));
        assertEquals(0, child.exitStatus(), child.toString());
        assertSentence(child.output(), "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED");
        assertEquals("", child.errors());
    }

    static final class WithoutFlag {
        private WithoutFlag() {}

        public static void main(final String[] args) {
            try (Transport transport = new Transport()) {
                System.out.print(transport.connect(URI.create("aeron:ipc"), new Peers.Checker(1)));
            } catch (final IllegalStateException ex) {
                System.out.print(ex.getMessage());
            }
        }
    }
}
