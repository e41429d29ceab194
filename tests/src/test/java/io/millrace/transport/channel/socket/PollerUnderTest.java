package io.millrace.transport.channel.socket;

import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;

/** One thread that sleeps on a socket, and the poller that wakes it: the real ones, or {@link PollerTwin}. */
interface PollerUnderTest {
    /** The sleeper; throws when the poller has ended. */
    void park();

    /** The sleeper is done with. */
    void close();

    /** Any thread. */
    void unpark();

    /** The poller's thread: false at its end. */
    boolean poll();

    /** The poller's thread: its sleeper was told, and was not seen to sleep again. */
    void disarm();

    /** Any thread: the poller is to end when its sleeper is done. */
    void closePoller();

    /** The poller's thread, instead of polling: it has failed. */
    void fail();

    /** The real ones. */
    final class Real implements PollerUnderTest {
        private final SharedPoller poller;
        private final PolledParker parker;
        private final ModelSelector selector;

        Real(final ModelSelector selector, final ModelSocket socket) {
            this.selector = selector;
            poller = new SharedPoller(selector, 0);
            parker = poller.tryOpen(new ModelParker());
            try {
                parker.watch(socket);
            } catch (final java.io.IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public void park() {
            parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        }

        @Override
        public void close() {
            parker.close();
        }

        @Override
        public void unpark() {
            parker.unpark();
        }

        @Override
        public boolean poll() {
            return poller.poll();
        }

        @Override
        public void disarm() {
            final SelectionKey key = selector.key();
            SharedPoller.disarm(key, (Watch) key.attachment(), SelectionKey.OP_READ);
        }

        @Override
        public void closePoller() {
            poller.close();
        }

        @Override
        public void fail() {
            poller.end("pulled", null);
        }
    }
}
