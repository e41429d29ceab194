package io.millrace.jmh.demo;

import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Streams real records from four threads over one TLS 1.3 connection, proves that none is lost, and does the same over
 * the JDK's {@code SSLSocket} to compare.
 *
 * <p>System properties, each optional: {@code demo.input}, a file or folder, by default the working directory;
 * {@code demo.seconds}, measured for each of the two, by default 10; {@code demo.uri}, {@code tls:}, {@code tcp:},
 * {@code aeron:ipc} or {@code aeron:udp?endpoint=localhost:0}.
 *
 * <p>With {@code demo.live} it serves a page instead that shows a load of its own while it runs, on {@code demo.port} of
 * loopback, by default 8717, and goes on until {@code demo.seconds} are over, or for ever: see {@link LiveDemo}. {@code
 * demo.live=tls} serves it by https and wss.
 *
 * <p>Exit status: 0 if nothing was lost or corrupted, otherwise 1. An interrupt ends it with the table so far.
 */
public final class Demo {
    private static final int DEFAULT_SECONDS = 10;
    private static final int MAX_SECONDS = 3600;
    private static final long TABLE_DEADLINE_S = 30;

    private final PrintStream out;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    Demo(final PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the demo and exits.
     *
     * @param args none.
     */
    public static void main(final String[] args) {
        System.exit(new Demo(System.out).guardedRun());
    }

    private int guardedRun() {
        final CountDownLatch printed = new CountDownLatch(1);
        final Thread hook = new Thread(() -> finishEarly(printed), "demo-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run();
        } catch (final DemoException ex) {
            out.println(ex.getMessage());
            return 1;
        } catch (final Exception ex) {
            out.println("The demo failed: " + ex);
            return 1;
        } finally {
            printed.countDown();
        }
    }

    private void finishEarly(final CountDownLatch printed) {
        interrupted.set(true);
        try {
            if (!printed.await(TABLE_DEADLINE_S, TimeUnit.SECONDS)) {
                out.println("The demo did not end in time.");
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    int run() throws Exception {
        final String live = property("demo.live", "");
        if (LiveSettings.isWanted(live)) {
            final LiveSettings settings =
                    LiveSettings.of(live, property("demo.port", ""), property("demo.seconds", ""));
            final String scheme = scheme();
            return new LiveDemo(out, interrupted).run(input(), scheme, settings);
        }
        final DemoInput input = input();
        final long durationNs = TimeUnit.SECONDS.toNanos(seconds());
        final String scheme = scheme();
        out.println("Input: " + input.describe());
        out.println("Four senders, one " + scheme + " connection on loopback, JDK " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " cores");
        out.println();
        final Optional<StreamRun.Result> millrace = stream(input, durationNs, "Millrace", MillraceLink.over(scheme));
        final Optional<StreamRun.Result> sslSocket = stream(input, durationNs, "SSLSocket", SslSocketLink::new);
        new ResultTable(out, millrace, sslSocket).print();
        out.println();
        out.println(
                "SSLSocket: behind a lock, flushed per record. A ratio above 1 is in Millrace's favour; round trips");
        out.println("count from the scheduled time, behind whatever the senders have queued.");
        return verdict(millrace, sslSocket);
    }

    private Optional<StreamRun.Result> stream(
            final DemoInput input, final long durationNs, final String title, final Link.Factory link)
            throws Exception {
        if (interrupted.get()) {
            return Optional.empty();
        }
        final Progress progress = new Progress(out, isTerminal(), title);
        try {
            return Optional.of(new StreamRun(input, interrupted).run(link, durationNs, progress));
        } finally {
            progress.end();
        }
    }

    private int verdict(final Optional<StreamRun.Result> millrace, final Optional<StreamRun.Result> sslSocket) {
        if (interrupted.get()) {
            out.println("Interrupted: the table shows what was done by then.");
        }
        final long bad = millrace.stream()
                        .mapToLong(r -> r.lost() + r.corrupted())
                        .sum()
                + sslSocket.stream().mapToLong(r -> r.lost() + r.corrupted()).sum();
        if (bad != 0) {
            out.println("FAILED: records were lost or corrupted.");
        }
        return bad == 0 ? 0 : 1;
    }

    private static DemoInput input() throws DemoException {
        return DemoInput.load(Path.of(property("demo.input", ".")));
    }

    private static String property(final String name, final String standard) {
        final String value = System.getProperty(name, "");
        return value.isBlank() ? standard : value;
    }

    private static int seconds() throws DemoException {
        final String text = property("demo.seconds", Integer.toString(DEFAULT_SECONDS));
        try {
            final int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= MAX_SECONDS) {
                return seconds;
            }
        } catch (final NumberFormatException ex) {
            // The same sentence says it.
        }
        throw new DemoException("demo.seconds must be a whole number from 1 to " + MAX_SECONDS + ", not " + text + ".");
    }

    private static String scheme() throws DemoException {
        final String uri = property("demo.uri", "tls:");
        return switch (uri) {
            case "tls:", "tls" -> "tls";
            case "tcp:", "tcp" -> "tcp";
            default -> {
                if (uri.startsWith("aeron:")) {
                    yield uri;
                }
                throw new DemoException("demo.uri must be tls:, tcp: or such as aeron:ipc, not " + uri + ".");
            }
        };
    }

    /** From JDK 22 on there is a console without a terminal too, and a method to tell, which 17 lacks. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        final Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (final NoSuchMethodException ex) {
            return true;
        } catch (final ReflectiveOperationException ex) {
            return false;
        }
    }
}
