package io.millrace.transport.aeron;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.millrace.ring.ThreadParker;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;

/** A media driver of our own, in a directory that goes with it. */
final class EmbeddedDriver implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(EmbeddedDriver.class.getName());

    /** What is said last has then left the machine, most likely. */
    private static final long LAST_WORDS_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** For 16,384 counters, a thousand connections and more; with what they are called 10 MiB, where Aeron takes 40. */
    private static final int COUNTERS_LENGTH = 2 * 1024 * 1024;

    private final MediaDriver driver;
    private final Thread hook;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long timeoutMs;
    private volatile boolean network;

    private EmbeddedDriver(final MediaDriver driver, final long timeoutMs) {
        this.driver = driver;
        this.timeoutMs = timeoutMs;
        // A process that ends without closing its transports still leaves nothing behind.
        hook = new Thread(this::end, "millrace-aeron-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static EmbeddedDriver start(final AeronContext context) throws IOException {
        final String directory = context.directory()
                .map(path -> path.toAbsolutePath().toString())
                .orElseGet(EmbeddedDriver::ownDirectory);
        final MediaDriver.Context settings = new MediaDriver.Context()
                .aeronDirectoryName(directory)
                .dirDeleteOnStart(context.directory().isEmpty())
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .threadingMode(context.threadingMode())
                .conductorIdleStrategy(context.driverIdleStrategy().get())
                .senderIdleStrategy(context.driverIdleStrategy().get())
                .receiverIdleStrategy(context.driverIdleStrategy().get())
                .sharedNetworkIdleStrategy(context.driverIdleStrategy().get())
                .sharedIdleStrategy(context.driverIdleStrategy().get())
                .clientLivenessTimeoutNs(context.clientLivenessTimeoutNs())
                .publicationUnblockTimeoutNs(2 * context.clientLivenessTimeoutNs())
                .imageLivenessTimeoutNs(context.imageLivenessTimeoutNs())
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(context.driverTimeoutNs()))
                .counterValuesBufferLength(COUNTERS_LENGTH)
                .termBufferSparseFile(context.sparseLogs())
                .performStorageChecks(true)
                .errorHandler(EmbeddedDriver::log);
        context.driverSettings().accept(settings);
        try {
            return new EmbeddedDriver(MediaDriver.launch(settings), settings.driverTimeoutMs());
        } catch (final RuntimeException ex) {
            throw new IOException(AeronErrors.text("cannot start a media driver", directory, ex), ex);
        } catch (final InternalError ex) {
            // What a page that can't be had comes to in the JVM.
            final long usable = new File(directory).getUsableSpace();
            IoUtil.delete(new File(directory), true);
            throw new IOException(
                    "cannot start a media driver: no space for its files: usableBytes=" + usable + " directory="
                            + directory,
                    ex);
        }
    }

    private static String ownDirectory() {
        return CommonContext.generateRandomDirName() + "-"
                + ProcessHandle.current().pid();
    }

    private static void log(final Throwable error) {
        LOGGER.log(System.Logger.Level.DEBUG, "media driver", error);
    }

    String directory() {
        return driver.aeronDirectoryName();
    }

    boolean isAlive() {
        if (closed.get()) {
            return false;
        }
        try {
            return CommonContext.isDriverActive(new File(directory()), timeoutMs, text -> {});
        } catch (final RuntimeException ex) {
            return false;
        }
    }

    void overNetwork() {
        network = true;
    }

    @Override
    public void close() {
        if (!closed.get()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (final IllegalStateException ex) {
                // The process is ending, and the hook does it.
            }
            end();
        }
    }

    private void end() {
        if (closed.compareAndSet(false, true)) {
            if (network) {
                new ThreadParker().park(LAST_WORDS_NS);
            }
            CloseHelper.quietClose(driver);
        }
    }
}
