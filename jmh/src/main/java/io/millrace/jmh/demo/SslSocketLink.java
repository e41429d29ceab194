package io.millrace.jmh.demo;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.TlsInfo;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.agrona.CloseHelper;

/** The link as most services write it: the JDK's {@code SSLSocket}, a lock, and a flush per record. */
final class SslSocketLink implements Link {
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final long DEADLINE_S = 20;

    private final SSLServerSocket listener;
    private final SSLSocket client;
    private final DataOutputStream out;
    private final Object outLock = new Object();
    private final CompletableFuture<Void> server;
    private final CompletableFuture<Void> echoes;

    SslSocketLink(final RecordReceiver receiver, final LongConsumer onEcho) throws Exception {
        final SSLContext context = SelfSignedCertificate.sslContext();
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("localhost"));
        server = start("ssl-socket-server", () -> serve(receiver));
        client = (SSLSocket) context.getSocketFactory().createSocket("localhost", listener.getLocalPort());
        client.setTcpNoDelay(true);
        client.setEnabledProtocols(new String[] {"TLSv1.3"});
        client.startHandshake();
        out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), BUFFER_LENGTH));
        echoes = start("ssl-socket-client", () -> readEchoes(onEcho));
    }

    private static CompletableFuture<Void> start(final String name, final Runnable task) {
        return CompletableFuture.runAsync(task, command -> new Thread(command, name).start());
    }

    private void serve(final RecordReceiver receiver) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            socket.setTcpNoDelay(true);
            final DataOutputStream reply =
                    new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_LENGTH));
            readAll(socket, record -> {
                if (receiver.onRecord(record, 0, record.limit())) {
                    write(reply, record);
                }
            });
        } catch (final IOException ex) {
            throw new IllegalStateException("the SSLSocket server failed", ex);
        }
    }

    private void readEchoes(final LongConsumer onEcho) {
        try {
            readAll(client, record -> onEcho.accept(DemoRecord.sequence(record, 0)));
        } catch (final SocketException ex) {
            if (!client.isClosed()) {
                throw new IllegalStateException("the SSLSocket client failed", ex);
            }
        } catch (final IOException ex) {
            throw new IllegalStateException("the SSLSocket client failed", ex);
        }
    }

    private interface RecordConsumer {
        void accept(ByteBuffer record) throws IOException;
    }

    private static void readAll(final SSLSocket socket, final RecordConsumer consumer) throws IOException {
        final DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_LENGTH));
        final byte[] bytes = new byte[DemoRecord.HEADER_LENGTH + DemoInput.MAX_RECORD_LENGTH];
        final ByteBuffer record = ByteBuffer.wrap(bytes);
        while (true) {
            final int length;
            try {
                length = in.readInt();
            } catch (final EOFException ex) {
                return;
            }
            in.readFully(bytes, 0, length);
            record.clear().limit(length);
            consumer.accept(record);
        }
    }

    private static void write(final DataOutputStream target, final ByteBuffer record) throws IOException {
        target.writeInt(record.remaining());
        target.write(record.array(), record.arrayOffset() + record.position(), record.remaining());
        target.flush();
    }

    @Override
    public boolean send(final ByteBuffer record) {
        synchronized (outLock) {
            try {
                write(out, record);
                return true;
            } catch (final IOException ex) {
                return false;
            }
        }
    }

    @Override
    public Optional<TlsInfo> tls() {
        return Optional.of(new TlsInfo(
                client.getSession().getProtocol(),
                client.getSession().getCipherSuite(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of()));
    }

    @Override
    public void close() throws IOException {
        client.shutdownOutput();
        server.orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
        CloseHelper.closeAll(client, listener);
        echoes.orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
    }
}
