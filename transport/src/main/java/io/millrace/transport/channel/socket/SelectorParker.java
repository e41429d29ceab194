package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.SocketParker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/** A selector for one socket: three descriptors in all, and the shortest way from the socket to its platform thread. */
public final class SelectorParker implements SocketParker {
    private final Selector selector;

    /** Whoever wakes looks at everything; a set of selected keys would cost an allocation a wake-up. */
    private final Consumer<SelectionKey> onReady = this::onReady;

    private SelectionKey key;
    private boolean ready = true;

    /**
     * Opens a selector.
     *
     * @throws IOException if there is no descriptor for it.
     */
    public SelectorParker() throws IOException {
        selector = Selector.open();
    }

    @Override
    public void watch(final SelectableChannel socket) throws IOException {
        key = socket == null ? null : socket.register(selector, 0);
    }

    @Override
    public void park(final int operations, final long maxNs) {
        try {
            if (key != null && key.interestOps() != operations) {
                key.interestOps(operations);
            }
            ready = false;
            if (maxNs == Long.MAX_VALUE) {
                selector.select(onReady);
            } else {
                // Rounded up: a select of 0 ms would sleep for ever.
                selector.select(onReady, TimeUnit.NANOSECONDS.toMillis(maxNs) + 1);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void onReady(final SelectionKey selected) {
        ready = true;
    }

    @Override
    public boolean mayBeReady() {
        return ready;
    }

    @Override
    public void unpark() {
        selector.wakeup();
    }

    @Override
    public void close() {
        CloseHelper.quietClose(selector);
    }
}
