package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/** Sleeps on a selector, so that a socket's event and another thread both wake. Closing it closes the selector. */
final class SelectorParker implements Parker, AutoCloseable {
    private final Selector selector;

    SelectorParker(final Selector selector) {
        this.selector = selector;
    }

    @Override
    public void park(final long maxNs) {
        try {
            if (maxNs == Long.MAX_VALUE) {
                selector.select(SelectorParker::ignore);
            } else {
                // Rounded up: a select of 0 ms would sleep for ever.
                selector.select(SelectorParker::ignore, TimeUnit.NANOSECONDS.toMillis(maxNs) + 1);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Whoever wakes looks at everything; a set of selected keys would cost an allocation a wake-up. */
    private static void ignore(final SelectionKey ignored) {}

    @Override
    public void unpark() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
