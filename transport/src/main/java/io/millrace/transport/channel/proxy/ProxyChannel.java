package io.millrace.transport.channel.proxy;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.ProxyInfo;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;

/**
 * An accepted channel that is connected only when its PROXY header has come, and from then on has the addresses that the
 * header says. What was read beyond the header comes out of the first reads. The connection's thread, like any channel.
 */
public final class ProxyChannel implements ConnectionChannel {
    private static final int READ_LENGTH = 512;

    private final ConnectionChannel channel;
    private final NanoClock clock;
    private final long timeoutNs;
    private final long startNs;
    private final Consumer<ProxyInfo> onHeader;
    private final ProxyHeaderParser parser = new ProxyHeaderParser();

    /** Ready to be read from; null once there is nothing left in it. */
    private ByteBuffer received = ByteBuffer.allocate(READ_LENGTH).limit(0);

    private ProxyInfo info;

    /**
     * Makes a channel that waits for its header.
     *
     * @param channel   that is connected; closed with this.
     * @param clock     for the deadline.
     * @param timeoutNs from now, until the header must be whole.
     * @param onHeader  told once, by {@link #finishConnect()}; may throw a {@link ProtocolException} to refuse.
     */
    public ProxyChannel(
            final ConnectionChannel channel,
            final NanoClock clock,
            final long timeoutNs,
            final Consumer<ProxyInfo> onHeader) {
        this.channel = channel;
        this.clock = clock;
        this.timeoutNs = timeoutNs;
        this.onHeader = Objects.requireNonNull(onHeader, "onHeader");
        startNs = clock.nanoTime();
    }

    /**
     * Reads on in the header.
     *
     * @return whether it is whole.
     * @throws ProtocolException if it is malformed, cut off, or not there in time.
     * @throws IOException       if the channel is broken.
     */
    @Override
    public boolean finishConnect() throws IOException {
        if (info != null) {
            return true;
        }
        while (!parser.parse(received)) {
            final int bytes = channel.read(received.clear());
            received.flip();
            if (bytes < 0) {
                throw new ProtocolException(
                        CloseReason.PROXY_HEADER,
                        "the peer ended the stream inside the PROXY header: bytes=" + parser.length());
            }
            if (bytes == 0) {
                if (leftNs() <= 0) {
                    throw new ProtocolException(
                            CloseReason.PROXY_TIMEOUT,
                            CloseReason.PROXY_TIMEOUT.text() + ": ns=" + timeoutNs + " bytes=" + parser.length());
                }
                return false;
            }
        }
        final ProxyHeader header = parser.header();
        info = new ProxyInfo(
                header.version(),
                header.source(),
                header.destination(),
                channel.localAddress(),
                channel.remoteAddress(),
                header.tlvs());
        onHeader.accept(info);
        return true;
    }

    private long leftNs() {
        return startNs + timeoutNs - clock.nanoTime();
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (received == null) {
            return channel.read(target);
        }
        final int bytes = Math.min(target.remaining(), received.remaining());
        target.put(received.slice().limit(bytes));
        received.position(received.position() + bytes);
        if (received.hasRemaining()) {
            return bytes;
        }
        received = null;
        return bytes > 0 ? bytes : channel.read(target);
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public boolean isWriteBlocked() {
        return channel.isWriteBlocked();
    }

    @Override
    public void wantRead(final boolean wanted) {
        channel.wantRead(wanted);
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public SocketAddress localAddress() {
        return info == null ? channel.localAddress() : info.destination().orElse(info.socketLocal());
    }

    @Override
    public SocketAddress remoteAddress() {
        return info == null ? channel.remoteAddress() : info.source().orElse(info.socketRemote());
    }

    @Override
    public void park(final long maxNs) {
        channel.park(info == null ? Math.min(maxNs, Math.max(1, leftNs())) : maxNs);
    }

    @Override
    public void unpark() {
        channel.unpark();
    }

    @Override
    public void close() {
        received = null;
        channel.close();
    }
}
