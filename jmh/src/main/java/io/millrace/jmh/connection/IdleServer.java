package io.millrace.jmh.connection;

import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * An echo server in a JVM of its own, for {@link IdleConnections}. It prints its port, answers each line of input with
 * the bytes of heap in use after a collection, and ends with its input.
 */
public final class IdleServer {
    private static final int COLLECTIONS = 3;

    private IdleServer() {}

    /**
     * Serves.
     *
     * @param args the peer's name.
     * @throws Exception if it can't.
     */
    public static void main(final String[] args) throws Exception {
        final int port = switch (args[0]) {
            case "millrace" -> millrace(Driving.THREAD);
            case "millrace-virtual" -> millrace(Driving.VIRTUAL_THREAD);
            case "baseline-netty-nio" -> netty(NettyIo.NIO);
            case "baseline-netty-epoll" -> netty(NettyIo.EPOLL);
            case "baseline-thread-per-socket" -> threadPerSocket();
            default -> throw new IllegalArgumentException("no such server: peer=" + args[0]);
        };
        answer(port);
        // The servers' threads would keep the JVM.
        Runtime.getRuntime().halt(0);
    }

    @SuppressWarnings("SystemOut") // The rig reads it.
    private static void answer(final int port) throws IOException {
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(port);
        while (in.readLine() != null) {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
            }
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    private static int millrace(final Driving driving) {
        final ConnectionHandler echo = (connection, buffer, offset, length) -> {
            final long position = connection.offer(buffer, offset, length);
            if (position < 0) {
                throw new IllegalStateException("the echo was refused: code=" + position);
            }
        };
        return new Transport(new TransportContext().driving(driving))
                .listen(URI.create("tcp://localhost:0"), () -> echo)
                .address()
                .getPort();
    }

    private static int netty(final NettyIo io) throws InterruptedException {
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(io.handlers());
        final Link.Receiver echo = (buffer, offset, length, reply) -> reply.offer(buffer, offset, length);
        final InetSocketAddress address = (InetSocketAddress) new ServerBootstrap()
                .group(group)
                .channel(io.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel channel) {
                        NettyUse.NATURAL.addTo(channel.pipeline(), echo);
                    }
                })
                .bind("localhost", 0)
                .sync()
                .channel()
                .localAddress();
        return address.getPort();
    }

    /** As lean as it gets: no buffer but the message's own. */
    private static int threadPerSocket() throws IOException {
        final ServerSocket server = new ServerSocket(0, 1000, InetAddress.getByName("localhost"));
        new Thread(() -> accept(server), "acceptor").start();
        return server.getLocalPort();
    }

    private static void accept(final ServerSocket server) {
        while (true) {
            try {
                final Socket socket = server.accept();
                new Thread(() -> echo(socket)).start();
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    private static void echo(final Socket accepted) {
        try (Socket socket = accepted) {
            socket.setTcpNoDelay(true);
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                final int length = in.readInt();
                final byte[] message = in.readNBytes(length);
                out.writeInt(length);
                out.write(message);
            }
        } catch (final EOFException ex) {
            return;
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
