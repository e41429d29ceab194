package io.millrace.tests.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Listener;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that runs a driver, an echoing server or a client that sends, until it is killed or its parent is gone. */
final class AeronProcess implements AutoCloseable {
    /** How long none of them may stand still where one is to be missed soon, and where none is. */
    static final long SOON_MS = 1_500;

    static final long PATIENT_MS = 30_000;

    private final Process process;
    private final BufferedReader output;

    private AeronProcess(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AeronProcess.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static AeronProcess driver(final Path directory, final long livenessMs) throws IOException {
        final AeronProcess driver = new AeronProcess("driver", directory.toString(), Long.toString(livenessMs));
        driver.awaitLine("ready");
        return driver;
    }

    /** Its URI is in the line that it is ready with. */
    static AeronProcess server(final Path directory, final long livenessMs, final String uri) throws IOException {
        return new AeronProcess("server", directory.toString(), Long.toString(livenessMs), uri);
    }

    /** It sends for as long as it lives. */
    static AeronProcess client(final Path directory, final long livenessMs, final URI uri) throws IOException {
        return new AeronProcess("client", directory.toString(), Long.toString(livenessMs), uri.toString());
    }

    /** The rest of the first line that begins so. */
    String awaitLine(final String begin) throws IOException {
        final StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(begin)) {
                return line.substring(begin.length()).trim();
            }
            all.append(line).append('\n');
        }
        throw new IOException("the process ended without " + begin + ": " + all);
    }

    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }

    static AeronContext settings(final Path directory, final long livenessMs) {
        return new AeronContext().directory(directory).driverTimeoutNs(TimeUnit.MILLISECONDS.toNanos(livenessMs));
    }

    public static void main(final String[] args) throws Exception {
        final Path directory = Path.of(args[1]);
        final long livenessMs = Long.parseLong(args[2]);
        if (args[0].equals("driver")) {
            MediaDriver.launch(new MediaDriver.Context()
                    .aeronDirectoryName(args[1])
                    .dirDeleteOnStart(true)
                    .threadingMode(ThreadingMode.SHARED)
                    .clientLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(livenessMs))
                    .publicationUnblockTimeoutNs(TimeUnit.MILLISECONDS.toNanos(2 * livenessMs))
                    .imageLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(livenessMs))
                    .publicationConnectionTimeoutNs(TimeUnit.MILLISECONDS.toNanos(livenessMs)));
            System.out.println("ready");
        } else if (args[0].equals("client")) {
            final Transport transport = transport(directory, livenessMs);
            final Connection connection = transport
                    .connect(URI.create(args[3]), new Peers.Checker(1))
                    .get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            for (long number = 0; true; number++) {
                Peers.offer(connection, Peers.Checker.message(0, number, 100));
            }
        } else {
            final Transport transport = transport(directory, livenessMs);
            final Listener listener = transport.listen(URI.create(args[3]), Echo::new);
            System.out.println("ready " + listener.uri());
        }
        // The parent's end of the pipe is closed with it.
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        Runtime.getRuntime().halt(0);
    }

    private static Transport transport(final Path directory, final long livenessMs) {
        return new Transport(new TransportContext().messageScheme(new AeronScheme(settings(directory, livenessMs))));
    }

    private static final class Echo implements ConnectionHandler {
        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            connection.offer(buffer, offset, length);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            System.out.println("closed " + report.reason() + " " + report.detail());
        }
    }
}
