package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ChannelSchemes;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.ServerChannel;
import io.millrace.transport.channel.SocketParker;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixSchemeTest {
    private static final ChannelOptions OPTIONS =
            new ChannelOptions(0, 4096, 4096, true, true, 1_000_000_000, SystemNanoClock.INSTANCE, SelectorParker::new);

    @TempDir
    private Path folder;

    private final ChannelScheme scheme = new UnixScheme();

    private URI uri(final String name) {
        return URI.create("unix:" + folder.resolve(name));
    }

    private void assertServes(final ServerChannel server) throws IOException {
        try (ConnectionChannel client = scheme.connect(server.uri(), OPTIONS)) {
            assertTrue(client.finishConnect());
            assertEquals(server.localAddress(), client.remoteAddress());
            final IncomingChannel accepted = server.accept();
            assertNotNull(accepted);
            accepted.close();
        }
    }

    private static void leaveStale(final Path path) throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void shouldDeleteItsFileWhenClosed() throws IOException {
        final ServerChannel server = scheme.bind(uri("s"), OPTIONS);
        assertServes(server);
        server.close();
        server.close();
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void shouldReplaceAFileThatNobodyListensOn() throws IOException {
        leaveStale(folder.resolve("s"));
        try (ServerChannel server = scheme.bind(uri("s"), OPTIONS)) {
            assertServes(server);
        }
    }

    @Test
    void shouldNotTakeThePathWhenSomebodyListens() throws IOException {
        try (ServerChannel server = scheme.bind(uri("s"), OPTIONS)) {
            final IOException failure = assertThrows(IOException.class, () -> scheme.bind(uri("s"), OPTIONS));
            assertTrue(failure.getMessage().contains("path=" + folder.resolve("s")), failure.getMessage());
            assertTrue(failure.getMessage().contains("in use"), failure.getMessage());
            server.accept().close();
            assertServes(server);
        }
    }

    @Test
    void shouldLeaveAFileAloneWhenItIsNoSocket() throws IOException {
        Files.writeString(folder.resolve("s"), "precious");
        final IOException failure = assertThrows(IOException.class, () -> scheme.bind(uri("s"), OPTIONS));
        assertTrue(failure.getMessage().contains("something other than a socket"), failure.getMessage());
        assertEquals("precious", Files.readString(folder.resolve("s")));
    }

    @Test
    void shouldLeaveAFifoAlone() throws Exception {
        final Path fifo = folder.resolve("s");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        final IOException failure = assertThrows(IOException.class, () -> scheme.bind(uri("s"), OPTIONS));
        assertTrue(failure.getMessage().contains("something other than a socket"), failure.getMessage());
        assertTrue(Files.exists(fifo));
    }

    @Test
    void shouldLeaveNoFileWhenThereIsNoDescriptorToWaitOn() {
        final ChannelOptions options =
                new ChannelOptions(0, 4096, 4096, true, true, 1_000_000_000, SystemNanoClock.INSTANCE, () -> {
                    throw new IOException("too many open files");
                });
        assertThrows(IOException.class, () -> scheme.bind(uri("s"), options));
        assertFalse(Files.exists(folder.resolve("s")));
    }

    /** As when the system allows no more sockets to be watched: the file was made before. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveNoFileWhenTheSocketCannotBeWatched(final boolean byAnError) {
        final ChannelOptions options = new ChannelOptions(
                0, 4096, 4096, true, true, 1_000_000_000, SystemNanoClock.INSTANCE, () -> unwatching(byAnError));
        final Class<? extends Throwable> expected = byAnError ? OutOfMemoryError.class : IOException.class;
        assertThrows(expected, () -> scheme.bind(uri("s"), options));
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void shouldLeaveAnothersFileWhenTheSocketCannotBeWatched() throws IOException {
        final ChannelOptions options =
                new ChannelOptions(0, 4096, 4096, true, true, 1_000_000_000, SystemNanoClock.INSTANCE, () -> {
                    Files.writeString(folder.resolve("s"), "precious");
                    return unwatching(false);
                });
        assertThrows(IOException.class, () -> scheme.bind(uri("s"), options));
        assertEquals("precious", Files.readString(folder.resolve("s")));
    }

    private static SocketParker unwatching(final boolean byAnError) {
        return new SocketParker() {
            @Override
            public void watch(final SelectableChannel socket) throws IOException {
                if (byAnError) {
                    throw new OutOfMemoryError("deliberate");
                }
                throw new IOException("no space left on device");
            }

            @Override
            public void park(final int operations, final long maxNs) {}

            @Override
            public boolean mayBeReady() {
                return true;
            }

            @Override
            public void unpark() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void shouldNotDeleteThePathWhenAnotherHasTakenIt() throws IOException {
        final ServerChannel first = scheme.bind(uri("s"), OPTIONS);
        Files.delete(folder.resolve("s"));
        try (ServerChannel second = scheme.bind(uri("s"), OPTIONS)) {
            first.close();
            assertServes(second);
        }
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void shouldNameThePathAndItsLengthWhenItIsTooLong() throws IOException {
        final URI uri = uri("x".repeat(200));
        final int bytes = uri.getPath().length();
        final IOException failure = assertThrows(IOException.class, () -> scheme.bind(uri, OPTIONS));
        assertTrue(failure.getMessage().contains("too long: bytes=" + bytes), failure.getMessage());
        assertTrue(failure.getMessage().contains(uri.getPath()), failure.getMessage());
        try (ConnectionChannel client = scheme.connect(uri, OPTIONS)) {
            final IOException refused = assertThrows(IOException.class, client::finishConnect);
            assertTrue(refused.getMessage().contains("too long"), refused.getMessage());
            assertTrue(refused.getMessage().contains(uri.getPath()), refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:x", "unix:./x", "unix:/", "unix:/x/", "unix://host/x", "unix:/x?y", "unix:/x#y"})
    void shouldNameTheUriWhenItHasNoPath(final String text) {
        final URI uri = URI.create(text);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> scheme.bind(uri, OPTIONS))
                .getMessage()
                .contains(text));
        assertThrows(IllegalArgumentException.class, () -> scheme.connect(uri, OPTIONS));
    }

    @Test
    void shouldListTheKnownSchemesWhenOneIsUnknown() {
        final IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class, () -> ChannelSchemes.load().of(URI.create("udp://x:1")));
        assertEquals("unknown scheme, known are tcp, tls, unix, ws, wss: uri=udp://x:1", failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ChannelSchemes.load().of(URI.create("x")));
        assertEquals("tls", ChannelSchemes.load().of(URI.create("TLS://x:1")).name());
    }

    @Test
    void shouldNameBothWhenTwoHaveTheSameScheme() {
        final IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> new ChannelSchemes(List.of(scheme, new UnixScheme())));
        assertTrue(failure.getMessage().contains("name=unix"), failure.getMessage());
    }
}
