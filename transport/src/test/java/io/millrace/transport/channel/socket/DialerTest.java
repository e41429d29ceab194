package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Cidr;
import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DialerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ServerSocketChannel server;
    private long nowNs = Long.MAX_VALUE - 500;
    private final ChannelOptions options =
            new ChannelOptions(0, 0, 0, true, true, 900, () -> nowNs, SelectorParker::new);

    @BeforeEach
    void listen() throws IOException {
        server = keep(ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0)));
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(opened);
    }

    private <T extends AutoCloseable> T keep(final T resource) {
        opened.add(resource);
        return resource;
    }

    private Dialer dialer(final SocketAddress... addresses) {
        return keep(new Dialer(() -> List.of(addresses), options));
    }

    private static SocketAddress refusing() throws IOException {
        try (ServerSocketChannel gone = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0))) {
            return gone.getLocalAddress();
        }
    }

    private static void dialUntilDone(final Dialer dialer) throws IOException {
        while (!dialer.dial()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldTryTheNextAddressWhenOneRefuses() throws IOException {
        final Dialer dialer = dialer(refusing(), refusing(), server.getLocalAddress());
        dialUntilDone(dialer);
        assertEquals(server.getLocalAddress(), dialer.socket().getRemoteAddress());
    }

    @Test
    void shouldNameEachAddressWhenAllRefuse() throws IOException {
        final SocketAddress first = refusing();
        final SocketAddress second = refusing();
        final ConnectException failure =
                assertThrows(ConnectException.class, () -> dialUntilDone(dialer(first, second)));
        assertTrue(failure.getMessage().contains("address=" + first + ": Connection refused"), failure.getMessage());
        assertTrue(failure.getMessage().contains("address=" + second + ": Connection refused"), failure.getMessage());
    }

    @Test
    void shouldLeaveTimeForTheNextAddressWhenOneDoesNotAnswer() throws IOException {
        // A full backlog answers nothing.
        final ServerSocketChannel full = keep(ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0), 1));
        for (int i = 0; i < 8; i++) {
            final SocketChannel filler = keep(SocketChannel.open());
            filler.configureBlocking(false);
            filler.connect(full.getLocalAddress());
        }
        final Dialer dialer = dialer(full.getLocalAddress(), server.getLocalAddress());
        assertFalse(dialer.dial());
        assertEquals(450, dialer.leftNs());
        nowNs += 449;
        assertFalse(dialer.dial());
        assertEquals(full.getLocalAddress(), dialer.socket().getRemoteAddress());
        nowNs += 1;
        dialUntilDone(dialer);
        assertEquals(server.getLocalAddress(), dialer.socket().getRemoteAddress());
        assertEquals(Long.MAX_VALUE, dialer.leftNs());
    }

    @Test
    void shouldRetryWithoutSpinningWhenTheBacklogOfAUnixSocketIsFull(@TempDir final Path folder) throws IOException {
        final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("full"));
        final ServerSocketChannel full = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        full.bind(address, 1);
        for (int i = 0; i < 2; i++) {
            keep(SocketChannel.open(address));
        }
        final Dialer dialer = dialer(address);
        assertFalse(dialer.dial());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(5), dialer.leftNs());
        keep(full.accept());
        assertFalse(dialer.dial(), "not before its time");
        nowNs += TimeUnit.MILLISECONDS.toNanos(5);
        assertTrue(dialer.dial());
    }

    @Test
    void shouldNameTheHostWhenItIsUnknown() throws IOException {
        final ConnectionChannel channel = keep(TcpScheme.connect(URI.create("tcp://nobody:1"), options, host -> {
            throw new UnknownHostException(host + ": Name or service not known");
        }));
        final UnknownHostException failure = assertThrows(UnknownHostException.class, channel::finishConnect);
        assertEquals("unknown host: host=nobody", failure.getMessage());
    }

    @Test
    void shouldConnectToAnyAddressOfTheName() throws IOException {
        final int port = server.socket().getLocalPort();
        final InetAddress[] addresses = {Cidr.address("::1"), Cidr.address("127.0.0.1")};
        final ConnectionChannel channel = keep(TcpScheme.connect(
                URI.create("tcp://both:" + port), options, host -> Arrays.copyOf(addresses, addresses.length)));
        while (!channel.finishConnect()) {
            channel.park(TimeUnit.SECONDS.toNanos(1));
        }
        assertEquals(server.getLocalAddress(), channel.remoteAddress());
    }
}
