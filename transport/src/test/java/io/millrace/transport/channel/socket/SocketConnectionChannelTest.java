package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.SocketParker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which reads it leaves out, for they would bring nothing. */
@Timeout(60)
class SocketConnectionChannelTest {
    /** Never sleeps, and says what a test wants said. */
    private static final class Sleepless implements SocketParker {
        private boolean ready;

        @Override
        public void watch(final SelectableChannel socket) {}

        @Override
        public void park(final int operations, final long maxNs) {}

        @Override
        public boolean mayBeReady() {
            return ready;
        }

        @Override
        public void unpark() {}

        @Override
        public void close() {}
    }

    private final Sleepless parker = new Sleepless();
    private final ByteBuffer target = ByteBuffer.allocate(8);
    private ServerSocketChannel server;
    private SocketChannel peer;
    private SocketChannel socket;

    @BeforeEach
    void connect() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        peer = SocketChannel.open(server.getLocalAddress());
        socket = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        peer.close();
        server.close();
    }

    private SocketConnectionChannel channel(final SocketParker sleep) throws IOException {
        return SocketConnectionChannel.accepted(
                socket, new ChannelOptions(0, 0, 0, true, false, 0, SystemNanoClock.INSTANCE, () -> sleep));
    }

    /** Until they can be read. */
    private void arrive(final int bytes) throws IOException {
        peer.write(ByteBuffer.allocate(bytes));
        try (SocketWatch watch = new SocketWatch(socket)) {
            watch.awaitReadable();
        }
    }

    /** A selector for a moment. */
    private record SocketWatch(SocketChannel socket, Selector selector) implements AutoCloseable {
        SocketWatch(final SocketChannel socket) throws IOException {
            this(socket, Selector.open());
        }

        void awaitReadable() throws IOException {
            socket.register(selector, SelectionKey.OP_READ);
            selector.select();
        }

        @Override
        public void close() throws IOException {
            selector.close();
        }
    }

    private int read(final SocketConnectionChannel channel) throws IOException {
        return channel.read(target.clear());
    }

    @Test
    void shouldLeaveOutOneReadBehindOneThatBroughtAllThereWas() throws IOException {
        final SocketConnectionChannel channel = channel(parker);
        arrive(3);
        assertEquals(3, read(channel));
        arrive(4);
        assertEquals(0, read(channel));
        assertEquals(4, read(channel));
    }

    @Test
    void shouldReadOnWhenThereMayBeMore() throws IOException {
        final SocketConnectionChannel channel = channel(parker);
        arrive(11);
        assertEquals(8, read(channel));
        assertEquals(3, read(channel));
    }

    @Test
    void shouldLeaveOutTwoReadsWhenSomethingElseEndedTheSleep() throws IOException {
        final SocketConnectionChannel channel = channel(parker);
        channel.park(1);
        arrive(3);
        assertEquals(0, read(channel));
        assertEquals(0, read(channel));
        assertEquals(3, read(channel));
    }

    @Test
    void shouldReadAtOnceWhenTheSocketMayHaveEndedTheSleep() throws IOException {
        final SocketConnectionChannel channel = channel(parker);
        arrive(3);
        assertEquals(3, read(channel));
        arrive(4);
        parker.ready = true;
        channel.park(1);
        assertEquals(4, read(channel));
    }

    @Test
    void shouldReadAtOnceWhenTheSleepDidNotWaitForIt() throws IOException {
        final SocketConnectionChannel channel = channel(parker);
        channel.wantRead(false);
        channel.park(1);
        channel.wantRead(true);
        arrive(3);
        assertEquals(3, read(channel));
    }

    /** Its next turn may be long in coming. */
    @Test
    void shouldLeaveNoReadOutForAThreadThatNeverSleeps() throws IOException {
        final SocketConnectionChannel channel = channel(AwakeParker.INSTANCE);
        arrive(3);
        assertEquals(3, read(channel));
        arrive(4);
        assertEquals(4, read(channel));
    }

    @Test
    void shouldTellTheEndOfTheStream() throws IOException {
        final SocketConnectionChannel channel = channel(parker);
        arrive(3);
        assertEquals(3, read(channel));
        peer.close();
        try (SocketWatch watch = new SocketWatch(socket)) {
            watch.awaitReadable();
        }
        assertEquals(0, read(channel));
        assertEquals(-1, read(channel));
        assertEquals(-1, read(channel));
    }
}
