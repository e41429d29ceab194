package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
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
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLException;

/**
 * An echo server in a JVM of its own, for {@link IdleConnections}. It prints its port and its certificate, if it speaks TLS,
 * answers each line of input with the bytes of heap in use after a collection, having given freed memory back to the system, and ends
 * with its input.
 */
public final class IdleServer {
    /** Behind the name of a peer that speaks TLS 1.3, by the JDK's engine or its sockets. */
    static final String TLS = "-tls";

    private static final int COLLECTIONS = 3;

    /** Null for plain connections. */
    private final SelfSignedCertificate identity;

    private IdleServer(final boolean secure) throws GeneralSecurityException {
        identity = secure ? SelfSignedCertificate.make() : null;
    }

    /**
     * Serves.
     *
     * @param args the peer's name.
     * @throws Exception if it can't.
     */
    public static void main(final String[] args) throws Exception {
        final boolean secure = args[0].endsWith(TLS);
        final IdleServer server = new IdleServer(secure);
        final String kind = secure ? args[0].substring(0, args[0].length() - TLS.length()) : args[0];
        final int port = switch (kind) {
            case "millrace" -> server.millrace(Driving.THREAD);
            case "millrace-virtual" -> server.millrace(Driving.VIRTUAL_THREAD);
            case "baseline-netty-nio" -> server.netty(NettyIo.NIO);
            case "baseline-netty-epoll" -> server.netty(NettyIo.EPOLL);
            case "baseline-thread-per-socket" -> server.threadPerSocket();
            default -> throw new IllegalArgumentException("no such server: peer=" + args[0]);
        };
        server.answer(port);
        // The servers' threads would keep the JVM.
        Runtime.getRuntime().halt(0);
    }

    @SuppressWarnings("SystemOut") // The rig reads it.
    private void answer(final int port) throws IOException, GeneralSecurityException {
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(port);
        System.out.println(
                identity == null
                        ? ""
                        : Base64.getEncoder()
                                .encodeToString(identity.certificate().getEncoded()));
        while (in.readLine() != null) {
            for (int i = 0; i < COLLECTIONS; i++) {
                trim();
                System.gc();
            }
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    /** What the JIT compilers have used and freed is not the connections' memory, but would stay with the process: some 20 MB. */
    private static void trim() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (final JMException ex) {
            throw new IllegalStateException("this JVM can't give back what it has freed", ex);
        }
    }

    private int millrace(final Driving driving) {
        final ConnectionHandler echo = (connection, buffer, offset, length) -> {
            final long position = connection.offer(buffer, offset, length);
            if (position < 0) {
                throw new IllegalStateException("the echo was refused: code=" + position);
            }
        };
        final TransportContext context = new TransportContext().driving(driving);
        if (identity != null) {
            context.tlsContext(MillraceDialer.tls(identity, false));
        }
        return new Transport(context)
                .listen(URI.create((identity == null ? "tcp" : "tls") + "://localhost:0"), () -> echo)
                .address()
                .getPort();
    }

    private int netty(final NettyIo io) throws InterruptedException, SSLException {
        final SslContext tls = identity == null ? null : NettyTls.JDK.server(identity);
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(io.handlers());
        final InetSocketAddress address = (InetSocketAddress) new ServerBootstrap()
                .group(group)
                .channel(io.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        NettyUse.NATURAL.addTo(channel.pipeline(), Link.Receiver.ECHO);
                    }
                })
                .bind("localhost", 0)
                .sync()
                .channel()
                .localAddress();
        return address.getPort();
    }

    /** As lean as it gets: no buffer but the message's own. */
    private int threadPerSocket() throws IOException, GeneralSecurityException {
        final ServerSocketFactory sockets = identity == null
                ? ServerSocketFactory.getDefault()
                : identity.context().getServerSocketFactory();
        final ServerSocket server = sockets.createServerSocket(0, 1000, InetAddress.getByName("localhost"));
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
