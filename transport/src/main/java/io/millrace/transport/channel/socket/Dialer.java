package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NanoClock;

/**
 * Connects to the first of a peer's addresses that answers, one after the other. Each has an equal share of the time that
 * is left, so that one that never answers leaves time for the rest. One thread; only the look-up of the addresses blocks.
 */
final class Dialer implements AutoCloseable {
    /** A Unix socket whose backlog is full says so at once, and does not say when there is room. */
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Finds the addresses. */
    @FunctionalInterface
    interface Addresses {
        List<SocketAddress> find() throws IOException;
    }

    private final Addresses addresses;
    private final ChannelOptions options;
    private final NanoClock clock;
    private List<SocketAddress> found;
    private int next;
    private SocketChannel socket;
    private long endNs;
    private long attemptEndNs;
    private long retryNs;
    private boolean retrying;
    private ConnectException failures;

    Dialer(final Addresses addresses, final ChannelOptions options) {
        this.addresses = addresses;
        this.options = options;
        clock = options.clock();
    }

    /**
     * Moves on.
     *
     * @return whether {@link #socket()} is connected.
     * @throws ConnectException that names each address and what became of it, when none is left.
     */
    boolean dial() throws IOException {
        if (found == null) {
            // The look-up takes its part of the time; the addresses share the rest.
            endNs = clock.nanoTime() + options.connectTimeoutNs();
            found = addresses.find();
        }
        if (retrying && clock.nanoTime() - retryNs < 0) {
            return false;
        }
        retrying = false;
        while (true) {
            if (socket == null) {
                begin();
            }
            try {
                if (socket.isConnectionPending() ? socket.finishConnect() : socket.connect(found.get(next - 1))) {
                    return true;
                }
                if (clock.nanoTime() - attemptEndNs < 0 || next == found.size()) {
                    return false;
                }
                failed(new ConnectException("no answer in time"));
            } catch (final IOException | UnsupportedAddressTypeException ex) {
                if (isBacklogFull(ex)) {
                    retryLater();
                    return false;
                }
                failed(ex);
            }
        }
    }

    private void begin() throws IOException {
        if (next == found.size()) {
            throw failures;
        }
        final SocketAddress address = found.get(next++);
        final SocketChannel opened = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            opened.configureBlocking(false);
            SocketOptions.set(opened, options);
        } catch (final IOException | RuntimeException ex) {
            CloseHelper.quietClose(opened);
            throw ex;
        }
        final long nowNs = clock.nanoTime();
        attemptEndNs = nowNs + (endNs - nowNs) / (found.size() - next + 1);
        socket = opened;
    }

    private boolean isBacklogFull(final Exception failure) {
        return found.get(next - 1) instanceof UnixDomainSocketAddress
                && String.valueOf(failure.getMessage()).contains("temporarily unavailable");
    }

    private void retryLater() {
        CloseHelper.quietClose(socket);
        socket = null;
        next--;
        retrying = true;
        retryNs = clock.nanoTime() + RETRY_NS;
    }

    private void failed(final Exception failure) {
        CloseHelper.quietClose(socket);
        socket = null;
        final String text = "address=" + found.get(next - 1) + ": " + failure.getMessage();
        final ConnectException all =
                new ConnectException(failures == null ? text : failures.getMessage() + "; " + text);
        all.initCause(failures == null ? failure : failures.getCause());
        failures = all;
    }

    /** The socket that connects or is connected; null before the first and between two. */
    SocketChannel socket() {
        return socket;
    }

    /** Nanoseconds until the next attempt. */
    long leftNs() {
        if (retrying) {
            return Math.max(1, retryNs - clock.nanoTime());
        }
        return socket == null || next == found.size() ? Long.MAX_VALUE : Math.max(1, attemptEndNs - clock.nanoTime());
    }

    @Override
    public void close() {
        CloseHelper.quietClose(socket);
    }
}
