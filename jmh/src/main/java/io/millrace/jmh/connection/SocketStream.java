package io.millrace.jmh.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;

/** One end of a JDK socket. One thread reads, one at a time writes. */
interface SocketStream extends AutoCloseable {
    /** The memory that it likes. */
    ByteBuffer allocate(int capacity);

    /** Reads into a buffer; -1 at the end, 0 only if it does not block. */
    int read(ByteBuffer target) throws IOException;

    /** Writes all between position and limit. */
    void write(ByteBuffer source) throws IOException;

    @Override
    void close() throws IOException;

    static SocketStream of(final SocketChannel channel, final boolean blocking) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(blocking);
        return new Plain(channel);
    }

    static SocketStream of(final Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        if (socket instanceof SSLSocket tls) {
            tls.setEnabledProtocols(new String[] {"TLSv1.3"});
        }
        return new Streams(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** A channel. */
    record Plain(SocketChannel channel) implements SocketStream {
        @Override
        public ByteBuffer allocate(final int capacity) {
            return ByteBuffer.allocateDirect(capacity);
        }

        @Override
        public int read(final ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public void write(final ByteBuffer source) throws IOException {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Streams of a {@code Socket}, perhaps an {@code SSLSocket}. */
    record Streams(Socket socket, InputStream in, OutputStream out) implements SocketStream {
        @Override
        public ByteBuffer allocate(final int capacity) {
            return ByteBuffer.allocate(capacity);
        }

        @Override
        public int read(final ByteBuffer target) throws IOException {
            final int bytes = in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            target.position(target.position() + Math.max(0, bytes));
            return bytes;
        }

        @Override
        public void write(final ByteBuffer source) throws IOException {
            out.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
            source.position(source.limit());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
