package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A selector of one socket, written so that a model checker sees every step of it. As the JDK's on Linux does, it takes
 * up what keys are interested in when a select begins; what changes later waits for the next one.
 */
final class ModelSelector extends Selector {
    private final Parker sleeper = new ModelParker();
    private volatile boolean woken;
    private ModelKey key;

    /** What the select that is going on looks for; its thread's own. */
    private int wanted;

    SelectionKey add(final ModelSocket socket, final Object attachment) {
        key = new ModelKey(socket);
        key.attach(attachment);
        return key;
    }

    SelectionKey key() {
        return key;
    }

    void changed() {
        sleeper.unpark();
    }

    @Override
    public int select(final Consumer<SelectionKey> action) {
        takeInterest();
        return await(action);
    }

    void takeInterest() {
        wanted = key.interest.get();
    }

    int await(final Consumer<SelectionKey> action) {
        while (!woken && (wanted & key.socket.readyOps()) == 0) {
            sleeper.park(Long.MAX_VALUE);
        }
        woken = false;
        key.ready = wanted & key.socket.readyOps();
        if (key.ready != 0) {
            action.accept(key);
        }
        return 0;
    }

    @Override
    public Selector wakeup() {
        woken = true;
        sleeper.unpark();
        return this;
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of(key);
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select(final long timeoutMs) {
        throw new UnsupportedOperationException("select: ns=" + TimeUnit.MILLISECONDS.toNanos(timeoutMs));
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public SelectorProvider provider() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        wakeup();
    }

    private final class ModelKey extends SelectionKey {
        private final ModelSocket socket;
        private final AtomicInteger interest = new AtomicInteger();
        private int ready;

        private ModelKey(final ModelSocket socket) {
            this.socket = socket;
        }

        @Override
        public int interestOpsOr(final int operations) {
            return update(operations, ~0);
        }

        @Override
        public int interestOpsAnd(final int operations) {
            return update(0, operations);
        }

        /** Not by a function, whose steps the model checker does not see. */
        private int update(final int or, final int and) {
            int now;
            do {
                now = interest.get();
            } while (!interest.compareAndSet(now, (now | or) & and));
            return now;
        }

        @Override
        public int readyOps() {
            return ready;
        }

        @Override
        public int interestOps() {
            return interest.get();
        }

        @Override
        public SelectionKey interestOps(final int operations) {
            interest.set(operations);
            return this;
        }

        @Override
        public SelectableChannel channel() {
            return socket;
        }

        @Override
        public Selector selector() {
            return ModelSelector.this;
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public void cancel() {
            throw new UnsupportedOperationException();
        }
    }
}
