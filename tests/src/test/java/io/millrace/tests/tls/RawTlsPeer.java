package io.millrace.tests.tls;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * A client, or a server, that does as it is told: the JDK's engine on a socket of its own, one call of it at a time. What no
 * engine says of its own accord, such as warnings after the handshake, is sealed by the JDK's cipher through reflection: the
 * tests' JVM opens {@code sun.security.ssl} for that.
 */
final class RawTlsPeer implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final int ROOM = 64 * 1024;
    private static final int MOST_TURNS = 100;
    private static final int HEADER_LENGTH = 5;
    private static final byte ALERT = 21;
    private static final byte HANDSHAKE = 22;
    private static final byte APPLICATION_DATA = 23;
    private static final int TICKET_LENGTH = 34;
    private static final byte[] TICKET = ByteBuffer.allocate(TICKET_LENGTH)
            .put((byte) 4)
            .put((byte) 0)
            .putShort((short) (TICKET_LENGTH - 4))
            .putInt(3600)
            .putInt(7)
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) 16)
            .putLong(11)
            .putLong(13)
            .putShort((short) 0)
            .array();

    final Socket socket;
    private final SSLEngine engine;
    private final ByteBuffer in = ByteBuffer.allocate(ROOM).limit(0);
    private final ByteBuffer content = ByteBuffer.allocate(ROOM);

    private RawTlsPeer(final Socket socket, final SSLEngine engine, final String protocol) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.engine = engine;
        engine.setEnabledProtocols(new String[] {protocol});
    }

    static RawTlsPeer client(final SSLContext context, final String protocol, final int port) throws IOException {
        final SSLEngine engine = context.createSSLEngine("localhost", port);
        engine.setUseClientMode(true);
        return new RawTlsPeer(new Socket(InetAddress.getLoopbackAddress(), port), engine, protocol);
    }

    static RawTlsPeer server(final SSLContext context, final String protocol, final Socket accepted)
            throws IOException {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return new RawTlsPeer(accepted, engine, protocol);
    }

    /** Up to the end of the handshake; with fewer turns it stops before. */
    RawTlsPeer handshake(final int turns) throws IOException {
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

    RawTlsPeer open() throws IOException {
        return handshake(MOST_TURNS);
    }

    private void unwrap() throws IOException {
        if (engine.unwrap(in, content.clear()).getStatus() == Status.BUFFER_UNDERFLOW) {
            in.compact();
            final InputStream wire = socket.getInputStream();
            final int bytes = wire.read(in.array(), in.position(), in.remaining());
            if (bytes < 0) {
                throw new IOException("the peer has ended the connection");
            }
            in.position(in.position() + bytes).flip();
        }
    }

    /** The next message, without its frame: it is expected to come in one record. */
    String hear() throws IOException {
        content.clear();
        while (content.position() == 0) {
            unwrap();
        }
        return new String(content.array(), 4, content.position() - 4, StandardCharsets.US_ASCII);
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

    void sayNothing() throws IOException {
        seal(APPLICATION_DATA);
    }

    /** A key update by TLS 1.3, a renegotiation before. */
    void handshakeAgain() throws IOException {
        engine.beginHandshake();
        wrap(NOTHING);
    }

    /** An alert that is no error. */
    void warn(final int description) throws IOException {
        seal(ALERT, (byte) 1, (byte) description);
    }

    /** A session ticket of TLS 1.3, good for an hour. */
    void giveTicket() throws IOException {
        seal(HANDSHAKE, TICKET);
    }

    /** One record of any content under the keys of the moment: what no engine says of its own accord. */
    private void seal(final byte type, final byte... message) throws IOException {
        final ByteBuffer record = ByteBuffer.allocate(ROOM);
        try {
            final Object context = fieldOf(engine, engine.getClass(), "conContext");
            final Object records = fieldOf(context, context.getClass(), "outputRecord");
            final Class<?> base = records.getClass().getSuperclass();
            final Object cipher = fieldOf(records, base, "writeCipher");
            final Object version = fieldOf(records, base, "protocolVersion");
            final Class<?> ciphers = cipher.getClass().getSuperclass();
            final Method nonceLength = ciphers.getDeclaredMethod("getExplicitNonceSize");
            nonceLength.setAccessible(true);
            final int start = HEADER_LENGTH + (int) nonceLength.invoke(cipher);
            record.position(start).put(message).limit(record.position()).position(start);
            final Method encrypt = base.getDeclaredMethod(
                    "encrypt",
                    ciphers,
                    byte.class,
                    ByteBuffer.class,
                    int.class,
                    int.class,
                    int.class,
                    version.getClass());
            encrypt.setAccessible(true);
            encrypt.invoke(null, cipher, type, record, 0, ROOM, HEADER_LENGTH, version);
        } catch (final ReflectiveOperationException ex) {
            throw new LinkageError("not the JDK's engine as it was", ex);
        }
        write(record.array(), record.position());
    }

    private static Object fieldOf(final Object holder, final Class<?> type, final String name)
            throws ReflectiveOperationException {
        final Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(holder);
    }

    /** A close_notify, and all of the stream that the engine still has to send. */
    void end() throws IOException {
        engine.closeOutbound();
        wrap(NOTHING);
    }

    /** Bytes past the engine. */
    void write(final byte[] bytes, final int length) throws IOException {
        socket.getOutputStream().write(bytes, 0, length);
    }

    /** The first record that comes, as far as it does; empty if the peer ends before. */
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

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
