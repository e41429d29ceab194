package io.millrace.transport.aeron;

import io.aeron.CommonContext;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The media driver of one {@link AeronScheme}: another process's, or one of our own that runs while somebody holds a lease. The
 * one who takes the first lease starts it, the one who gives the last one back ends it, and those who come meanwhile wait for
 * them. One that is found dead is replaced, whoever still has a lease of it. Any thread; lock-free but for that waiting.
 */
final class Drivers {
    /** A right to a driver, to be given back once. */
    interface Lease extends AutoCloseable {
        String directory();

        /** Says that it is used over the network, so that it is not ended in the midst of a last word. */
        default void overNetwork() {}

        @Override
        void close();
    }

    /**
     * One driver's life.
     *
     * @param leases held; its end begins with the last.
     */
    private record Generation(int leases, CompletableFuture<EmbeddedDriver> driver, CompletableFuture<Void> ended) {
        Generation with(final int newLeases) {
            return new Generation(newLeases, driver, ended);
        }
    }

    private static final Generation NONE =
            new Generation(0, CompletableFuture.completedFuture(null), CompletableFuture.completedFuture(null));

    private final AeronContext context;
    private final AtomicReference<Generation> current = new AtomicReference<>(NONE);

    Drivers(final AeronContext context) {
        this.context = context;
    }

    AeronContext context() {
        return context;
    }

    /** Takes a lease; may wait for a driver to start. */
    Lease lease() throws IOException {
        if (context.directory().isPresent() && !context.embeddedDriver()) {
            return external(context.directory().get().toAbsolutePath().toString());
        }
        while (true) {
            final Generation now = current.get();
            if (now.leases > 0 && !isDead(now)) {
                if (current.compareAndSet(now, now.with(now.leases + 1))) {
                    return new Embedded(await(now), now.driver);
                }
            } else {
                final Generation next = new Generation(1, new CompletableFuture<>(), new CompletableFuture<>());
                if (current.compareAndSet(now, next)) {
                    return start(now, next);
                }
            }
        }
    }

    private static boolean isDead(final Generation generation) {
        return generation.driver.isCompletedExceptionally()
                || (generation.driver.isDone() && !generation.driver.join().isAlive());
    }

    private Lease start(final Generation before, final Generation next) throws IOException {
        try {
            if (before.leases > 0 && !before.driver.isCompletedExceptionally()) {
                // Found dead: nobody else ends it for good.
                before.driver.join().close();
            } else {
                before.ended.join();
            }
            next.driver.complete(EmbeddedDriver.start(context));
        } catch (final IOException | RuntimeException | Error ex) {
            next.driver.completeExceptionally(ex);
            next.ended.complete(null);
        }
        return new Embedded(await(next), next.driver);
    }

    private EmbeddedDriver await(final Generation generation) throws IOException {
        try {
            return generation.driver.join();
        } catch (final CompletionException ex) {
            if (ex.getCause() instanceof IOException failure) {
                throw new IOException(failure.getMessage(), failure);
            }
            throw new IOException("no media driver could be started: " + ex.getCause(), ex.getCause());
        }
    }

    private void giveBack(final CompletableFuture<EmbeddedDriver> driver) {
        while (true) {
            final Generation now = current.get();
            if (now.driver != driver) {
                return;
            }
            if (current.compareAndSet(now, now.with(now.leases - 1))) {
                if (now.leases == 1) {
                    driver.join().close();
                    now.ended.complete(null);
                }
                return;
            }
        }
    }

    private Lease external(final String directory) throws IOException {
        final boolean active;
        try {
            active = CommonContext.isDriverActive(
                    new File(directory), TimeUnit.NANOSECONDS.toMillis(context.driverTimeoutNs()), text -> {});
        } catch (final RuntimeException ex) {
            throw new IOException(AeronErrors.text("cannot use the media driver", directory, ex), ex);
        }
        if (!active) {
            throw new IOException("no media driver is running: directory=" + directory);
        }
        return new Lease() {
            @Override
            public String directory() {
                return directory;
            }

            @Override
            public void close() {}
        };
    }

    private final class Embedded implements Lease {
        private final EmbeddedDriver driver;
        private final AtomicReference<CompletableFuture<EmbeddedDriver>> held;

        Embedded(final EmbeddedDriver driver, final CompletableFuture<EmbeddedDriver> held) {
            this.driver = driver;
            this.held = new AtomicReference<>(held);
        }

        @Override
        public String directory() {
            return driver.directory();
        }

        @Override
        public void overNetwork() {
            driver.overNetwork();
        }

        @Override
        public void close() {
            final CompletableFuture<EmbeddedDriver> mine = held.getAndSet(null);
            if (mine != null) {
                giveBack(mine);
            }
        }
    }
}
