package io.millrace.tests.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A client that does as it is told: the JDK's engine on a socket of its own, one call of it at a time. */
final class RawTlsClient implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final int ROOM = 64 * 1024;
    private static final int MOST_TURNS = 100;

    final Socket socket;
    private final SSLEngine engine;
    private final ByteBuffer in = ByteBuffer.allocate(ROOM).limit(0);
    private final ByteBuffer content = ByteBuffer.allocate(ROOM);

    RawTlsClient(final SSLContext context, final String protocol, final int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        engine = context.createSSLEngine("localhost", port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {protocol});
    }

    /** Up to the end of the handshake; with fewer turns it stops before. */
    RawTlsClient handshake(final int turns) throws IOException {
        engine.beginHandshake();
        for (int turn = 0; turn < turns && engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING; turn++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> wrap(NOTHING);
                default -> unwrap();
            }
        }
        return this;
    }

    RawTlsClient open() throws IOException {
        return handshake(MOST_TURNS);
    }

    private void unwrap() throws IOException {
        if (engine.unwrap(in, content.clear()).getStatus() == Status.BUFFER_UNDERFLOW) {
            in.compact();
            final InputStream wire = socket.getInputStream();
            final int bytes = wire.read(in.array(), in.position(), in.remaining());
            if (bytes < 0) {
                throw new IOException("the server has ended the connection");
            }
            in.position(in.position() + bytes).flip();
        }
    }

    /** Sends one record of content, or what the engine has to say itself. */
    void wrap(final byte[] message) throws IOException {
        final ByteBuffer record = ByteBuffer.allocate(ROOM);
        engine.wrap(ByteBuffer.wrap(message), record);
        write(record.array(), record.position());
    }

    /** A message in its frame. */
    void say(final String message) throws IOException {
        wrap(ByteBuffer.allocate(4 + message.length())
                .putInt(message.length())
                .put(message.getBytes(StandardCharsets.US_ASCII))
                .array());
    }

    /** A key update by TLS 1.3, a renegotiation before. */
    void handshakeAgain() throws IOException {
        engine.beginHandshake();
        wrap(NOTHING);
    }

    /** Bytes past the engine. */
    void write(final byte[] bytes, final int length) throws IOException {
        socket.getOutputStream().write(bytes, 0, length);
    }

    /** The first record that the server sends, as far as it comes; empty if the server ends before. */
    byte[] firstRecord() throws IOException {
        final byte[] header = socket.getInputStream().readNBytes(5);
        return header.length < 5
                ? header
                : ByteBuffer.allocate(5 + (ByteBuffer.wrap(header).getShort(3) & 0xFFFF))
                        .put(header)
                        .put(socket.getInputStream()
                                .readNBytes(ByteBuffer.wrap(header).getShort(3) & 0xFFFF))
                        .array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
