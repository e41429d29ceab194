package io.millrace.tests.tls;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Stands between clients and a server: writes down the tickets that go by, and can refuse those who offer one. */
final class TicketRelay implements AutoCloseable {
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};
    private static final int RECORD_HEADER = 5;

    private final ServerSocket listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<String> tickets = new ConcurrentLinkedQueue<>();
    private final int serverPort;
    private volatile boolean refusing;
    private volatile boolean resetting;
    private volatile CountDownLatch awaited = new CountDownLatch(0);

    TicketRelay(final int serverPort) throws IOException {
        this.serverPort = serverPort;
        start(this::accept);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(final Work work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final IOException ignored) {
                // One of the two sides has gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    Queue<String> tickets() {
        return tickets;
    }

    void refuseTickets(final boolean refuse) {
        refusing = refuse;
    }

    /** Refuses without a word. */
    void resetTickets(final boolean reset) {
        resetting = reset;
    }

    /** Lets no hello through before so many of them are here. */
    void hold(final int hellos) {
        awaited = new CountDownLatch(hellos);
    }

    private void accept() throws IOException {
        while (true) {
            final Socket client = listening.accept();
            sockets.add(client);
            start(() -> relay(client));
        }
    }

    private void relay(final Socket client) throws IOException {
        final DataInputStream in = new DataInputStream(client.getInputStream());
        final byte[] header = in.readNBytes(RECORD_HEADER);
        final ByteBuffer record =
                ByteBuffer.allocate(RECORD_HEADER + (ByteBuffer.wrap(header).getShort(3) & 0xFFFF));
        record.put(header);
        in.readFully(record.array(), RECORD_HEADER, record.capacity() - RECORD_HEADER);
        final boolean offers =
                ClientHellos.ticketOf(record.rewind()).map(tickets::add).orElse(false);
        if (offers && resetting) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        if (offers && refusing) {
            client.getOutputStream().write(HANDSHAKE_FAILURE);
            client.close();
            return;
        }
        final CountDownLatch all = awaited;
        all.countDown();
        try {
            all.await();
        } catch (final InterruptedException ex) {
            throw new IOException(ex);
        }
        final Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(server);
        server.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        start(() -> copy(server.getInputStream(), client.getOutputStream()));
        server.getOutputStream().write(record.array());
        copy(in, server.getOutputStream());
    }

    private static void copy(final InputStream in, final OutputStream out) throws IOException {
        final byte[] buffer = new byte[16 * 1024];
        for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
            out.write(buffer, 0, bytes);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (final Socket socket : sockets) {
            socket.close();
        }
    }
}
