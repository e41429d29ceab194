package io.millrace.jmh.connection;

import io.millrace.jmh.Jvms;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An {@link IdleServer} in its own JVM, and what Linux says of it. */
final class ServerProcess implements AutoCloseable {
    /** The heap is touched whole at the start, so that what becomes resident later lies outside it. */
    private static final List<String> FLAGS =
            List.of("-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=16g");

    private static final int UTIME_FIELD = 13;
    private static final long TICKS_PER_SECOND = 100;
    private static final long EXIT_S = 20;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final int port;
    private final String certificate;

    ServerProcess(final String peer) throws IOException {
        final List<String> command = Jvms.command(FLAGS, IdleServer.class.getName());
        command.add(peer);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        port = Integer.parseInt(line());
        certificate = line();
    }

    private String line() throws IOException {
        final String line = out.readLine();
        if (line == null) {
            throw new IOException("the server has ended; its own message stands above");
        }
        return line;
    }

    int port() {
        return port;
    }

    /** In Base64; empty if it does not speak TLS. */
    String certificate() {
        return certificate;
    }

    /** Bytes of heap in use after a collection. */
    long heapBytes() throws IOException {
        in.newLine();
        in.flush();
        return Long.parseLong(line());
    }

    /** Bytes of memory that are resident. */
    long residentBytes() throws IOException {
        return Long.parseLong(field("VmRSS")) * 1024;
    }

    int threads() throws IOException {
        return Integer.parseInt(field("Threads"));
    }

    private String field(final String name) throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.split("\\s+", -1)[1])
                .findFirst()
                .orElseThrow(() -> new IOException("no such field: name=" + name));
    }

    int openFiles() throws IOException {
        try (var files = Files.list(proc("fd"))) {
            return (int) files.count();
        }
    }

    /** Most files that it may have open. */
    long maxOpenFiles() throws IOException {
        return maxOpenFiles(proc("limits"));
    }

    /** Most files that this process may have open. */
    static long ownMaxOpenFiles() throws IOException {
        return maxOpenFiles(Path.of("/proc/self/limits"));
    }

    private static long maxOpenFiles(final Path limits) throws IOException {
        final String soft = Files.readAllLines(limits).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", -1)[3])
                .findFirst()
                .orElseThrow(() -> new IOException("no limit of open files in " + limits));
        return "unlimited".equals(soft) ? Long.MAX_VALUE : Long.parseLong(soft);
    }

    /** Nanoseconds of CPU so far. */
    long cpuNs() throws IOException {
        final String stat = Files.readString(proc("stat"));
        // The name in brackets may hold blanks; counting starts behind it, at field 3.
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        final int utime = UTIME_FIELD - 2;
        return (Long.parseLong(fields[utime]) + Long.parseLong(fields[utime + 1]))
                * (TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND);
    }

    private Path proc(final String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }

    @Override
    public void close() throws IOException {
        try {
            in.close();
            Jvms.await(process, EXIT_S);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
