package io.millrace.jmh.connection;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.agrona.CloseHelper;

/**
 * What an idle connection, plain or over TLS 1.3, costs a server in its own JVM, after it has echoed one message: heap in use, resident
 * memory outside the heap, threads, files, and the CPU that all of them take together while nothing happens.
 * {@code java -cp benchmarks.jar io.millrace.jmh.connection.IdleConnections [counts [peers [file]]]}, counts and peers
 * separated by commas; the file gets all figures as JSON. A peer's name with {@code -tls} behind it speaks TLS 1.3, whose
 * handshake is a full one.
 * Linux only, for it reads {@code /proc}.
 *
 * <p>JDK 17, platform threads, KiB each of 4,000 behind {@link #WARM_UP} others, heap and resident, two runs: Millrace, whose connections have no thread
 * after a minute, TCP 3.3 and 1.1 to 3.6, a thread per socket 5.8 and 19.5; TLS 8.6 and -0.3 to 4.1, a thread per {@code SSLSocket} 16.6 and 37.7. What comes
 * next finds a new thread: round trips with 1.5 s in between, p50 of 32, two runs in turn, 1.18 and 1.19 ms where both ends had been let go,
 * 0.73 and 0.75 where both slept. With 60 ms in between, so that a spare thread waits, p50 of 320 to 400, six runs: 447 to 544 µs and 340 to 399. An
 * offer that wakes takes as long in either case.
 *
 * <p>While each kept its thread: TCP 8.9 and 38.9, TLS 14.2 and 69.0. By {@code smaps} 20 of those were stack, where the socket's thread has 12: a page deeper, and
 * each page of depth counts twice, for compiled code touches the stack 80 KiB further down. 13 more were the selector's: the JDK's
 * sets aside 1,024 events for one socket. 4.1 of the heap were an array that the JDK makes for each thread that reads into the
 * heap's memory or writes from it. In a cold JVM each thread has 72 KiB more, for the interpreter touches all 20 pages below its frames: with Millrace
 * the first 1,500, with a thread per socket the first 790, until their whole way is compiled.
 *
 * <p>JDK 25, virtual threads, heap and resident together: plain 14.6 against 11.6 of Netty's NIO and 7.2 of its epoll; later, beside other
 * work, 13.2 and 16.7 against 11.2 and 4.4 of NIO, heap 6.2 to 6.6 against 1.9. Over TLS, heap and resident: 12.2 and 5.8, Netty's NIO 7.0 and
 * 2.6; 30.0 and 4.8 while a sleeping connection kept the buffer of its last look at the channel; later 12.1 and 4.3 against 7.0 and 1.5. By
 * class that difference in heap is the virtual thread, 2.7 (its stack alone 2.2), and our own objects, 2.4: what the engine holds is the same
 * for both, and the hellos that we let go were no part of it; with 1,000 connections before those that count 10.8 and 2.2 against 7.0 and
 * 0.3. A list of all is in {@code jmh/results}.
 *
 * <p>Since a connection that sleeps for long has no virtual thread, and freed memory is given back to the system before each look (the JIT
 * compilers' alone was 20 MB): plain 3.3 and 1.7 against 1.9 and 0.6 of Netty's NIO, TLS 8.3 and -0.2 against 6.9 and -0.1. With the
 * thread, by class, its stack was 3.2 of a plain connection's 7.2 in the heap.
 */
public final class IdleConnections {
    private static final String COUNTS = "1000,4000,10000";
    private static final String PEERS = "baseline-netty-nio,baseline-netty-epoll,baseline-thread-per-socket,millrace";

    /** Connections that come before, and don't count: with 50, the code that was compiled meanwhile, and the stacks of who came before, did. */
    private static final int WARM_UP = 2000;

    private static final int SPARE_FILES = 200;
    private static final int MESSAGE_LENGTH = 100;
    private static final int TIMEOUT_MS = 10_000;

    /** Until who sleeps lets go of what it does for that: Millrace of a platform thread after a minute. */
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(63);

    /** Until the same where there are no platform threads, and until what a collection found free is given back. */
    private static final long RELEASE_NS = TimeUnit.SECONDS.toNanos(13);

    private static final long WATCH_NS = TimeUnit.SECONDS.toNanos(5);
    private static final double KIB = 1024;

    private IdleConnections() {}

    /**
     * Measures.
     *
     * @param args numbers of connections, peers, and a file for the results.
     * @throws Exception if a server can't be started.
     */
    @SuppressWarnings("SystemOut") // A table for the terminal.
    public static void main(final String[] args) throws Exception {
        final String[] counts = (args.length > 0 ? args[0] : COUNTS).split(",", -1);
        final String[] peers = (args.length > 1 ? args[1] : PEERS).split(",", -1);
        System.out.printf(
                "%-28s %11s %14s %18s %8s %8s %9s%n",
                "server", "connections", "heap KiB each", "resident KiB each", "threads", "files", "CPU %");
        final List<IdleCost> costs = new ArrayList<>();
        for (final String count : counts) {
            for (final String peer : peers) {
                try {
                    final IdleCost cost = measure(peer, Integer.parseInt(count));
                    System.out.println(cost.row());
                    costs.add(cost);
                } catch (final IOException ex) {
                    System.out.printf("%-28s %11s %s%n", peer, count, ex.getMessage());
                }
            }
        }
        if (args.length > 2) {
            Files.writeString(
                    Path.of(args[2]),
                    costs.stream().map(IdleCost::json).collect(Collectors.joining(",\n", "[\n", "\n]\n")));
        }
    }

    private static IdleCost measure(final String peer, final int count) throws IOException, InterruptedException {
        final List<Socket> sockets = new ArrayList<>();
        try (ServerProcess server = new ServerProcess(peer)) {
            final SSLSocketFactory tls = tlsTo(server);
            checkFiles("this process", count + WARM_UP, ServerProcess.ownMaxOpenFiles());
            open(server, tls, sockets, WARM_UP);
            final double filesEach = server.openFiles() / (double) WARM_UP;
            checkFiles("the server", (long) ((count + WARM_UP) * Math.floor(filesEach)), server.maxOpenFiles());
            // What they have sent with is let go first, or it would be counted against the others.
            final long settleNs = settleNs(peer);
            final long heapBefore = settledHeapBytes(server, settleNs);
            final long residentBefore = server.residentBytes();
            open(server, tls, sockets, count);
            final double heap = (settledHeapBytes(server, settleNs) - heapBefore) / KIB / count;
            final double resident = (server.residentBytes() - residentBefore) / KIB / count;
            final double cpu = 100.0 * cpuShare(server);
            final IdleCost cost = new IdleCost(peer, count, heap, resident, server.threads(), server.openFiles(), cpu);
            echoAll(sockets);
            return cost;
        } finally {
            CloseHelper.quietCloseAll(sockets);
        }
    }

    private static long settleNs(final String peer) {
        final boolean platformThreads = peer.startsWith("baseline-thread-per-socket")
                || peer.equals("millrace")
                || peer.equals("millrace" + IdleServer.TLS);
        return platformThreads ? SETTLE_NS : RELEASE_NS;
    }

    /** Direct memory is given back some time after the collection that found it free: so wait once more. */
    private static long settledHeapBytes(final ServerProcess server, final long settleNs)
            throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(settleNs);
        final long bytes = server.heapBytes();
        TimeUnit.NANOSECONDS.sleep(RELEASE_NS);
        return bytes;
    }

    private static double cpuShare(final ServerProcess server) throws IOException, InterruptedException {
        final long cpuBefore = server.cpuNs();
        final long before = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(WATCH_NS);
        return (server.cpuNs() - cpuBefore) / (double) (System.nanoTime() - before);
    }

    private static void checkFiles(final String who, final long wanted, final long limit) throws IOException {
        if (wanted + SPARE_FILES > limit) {
            throw new IOException("needs " + (wanted + SPARE_FILES) + " open files, " + who + " may have " + limit
                    + ": raise ulimit -n");
        }
    }

    /** Null for a server that does not speak TLS. */
    private static SSLSocketFactory tlsTo(final ServerProcess server) throws IOException {
        if (server.certificate().isEmpty()) {
            return null;
        }
        try {
            final KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "server",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(Base64.getDecoder().decode(server.certificate()))));
            final TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            final SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (final GeneralSecurityException ex) {
            throw new IOException("cannot trust the server's certificate", ex);
        }
    }

    private static void open(
            final ServerProcess server, final SSLSocketFactory tls, final List<Socket> sockets, final int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            try {
                final Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
                sockets.add(plain);
                final Socket socket = tls == null ? plain : tls.createSocket(plain, "localhost", server.port(), true);
                sockets.set(sockets.size() - 1, socket);
                socket.setSoTimeout(TIMEOUT_MS);
                socket.setTcpNoDelay(true);
                echo(socket);
                if (socket instanceof SSLSocket secure) {
                    // Each handshake is to be a full one.
                    secure.getSession().invalidate();
                }
            } catch (final IOException ex) {
                throw new IOException("connection " + (i + 1) + " failed: " + ex, ex);
            }
        }
    }

    /** They have to be alive still. */
    private static void echoAll(final List<Socket> sockets) throws IOException {
        for (final Socket socket : sockets) {
            echo(socket);
        }
    }

    private static void echo(final Socket socket) throws IOException {
        final byte[] message = new byte[MESSAGE_LENGTH];
        final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(message.length);
        out.write(message);
        final DataInputStream in = new DataInputStream(socket.getInputStream());
        if (in.readInt() != MESSAGE_LENGTH || in.readNBytes(MESSAGE_LENGTH).length != MESSAGE_LENGTH) {
            throw new IOException("the echo is not whole");
        }
    }
}
