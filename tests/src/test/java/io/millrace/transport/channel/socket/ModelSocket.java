package io.millrace.transport.channel.socket;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket of a {@link ModelSelector}: any thread puts messages, one takes them. */
final class ModelSocket extends SelectableChannel {
    private final ModelSelector selector;
    private final AtomicInteger messages = new AtomicInteger();

    ModelSocket(final ModelSelector selector) {
        this.selector = selector;
    }

    void put() {
        messages.incrementAndGet();
        selector.changed();
    }

    boolean take() {
        if (messages.get() == 0) {
            return false;
        }
        messages.decrementAndGet();
        return true;
    }

    int readyOps() {
        return messages.get() > 0 ? SelectionKey.OP_READ : 0;
    }

    @Override
    public SelectionKey register(final Selector by, final int operations, final Object attachment) {
        return selector.add(this, attachment);
    }

    @Override
    public boolean isRegistered() {
        throw new UnsupportedOperationException();
    }

    /** Who closes it finds it let go of. */
    @Override
    public SelectionKey keyFor(final Selector by) {
        return null;
    }

    @Override
    public SelectorProvider provider() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int validOps() {
        return SelectionKey.OP_READ;
    }

    @Override
    public SelectableChannel configureBlocking(final boolean block) {
        return this;
    }

    @Override
    public boolean isBlocking() {
        return false;
    }

    @Override
    public Object blockingLock() {
        return this;
    }

    @Override
    protected void implCloseChannel() {
        messages.set(0);
    }
}
