package io.millrace.tests.scale;

import io.millrace.transport.Driving;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.spi.ToolProvider;

/** An {@link EchoServer} in its JVM, started by a shell that may set limits first. */
final class ServerJvm implements AutoCloseable {
    private static final long EXIT_S = 90;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final int port;

    /**
     * Starts it.
     *
     * @param folder for the jars of its class path.
     * @param limits commands of the shell's, such as {@code ulimit -n 100}; {@code true} for none.
     * @param flags  of the JVM.
     * @param driving of its connections.
     */
    ServerJvm(final Path folder, final String limits, final List<String> flags, final Driving driving)
            throws IOException {
        final List<String> command =
                new ArrayList<>(List.of("sh", "-c", limits + " && exec \"$@\"", "sh", java(), "-ea"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(folder), EchoServer.class.getName(), driving.name()));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        process = builder.start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        port = read().get("port").intValue();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * Jars, as a user has them: they are open from the start, while a class of a folder could not be loaded any more without a
     * descriptor.
     */
    private static String classPath(final Path folder) throws IOException {
        final List<String> entries = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(":", -1)) {
            if (Files.isDirectory(Path.of(entry))) {
                final String jar = folder.resolve(entries.size() + ".jar").toString();
                if (!Files.exists(Path.of(jar))) {
                    ToolProvider.findFirst("jar")
                            .orElseThrow()
                            .run(System.out, System.err, "cMf0", jar, "-C", entry, ".");
                }
                entries.add(jar);
            } else {
                entries.add(entry);
            }
        }
        return String.join(":", entries);
    }

    private Map<String, Long> read() throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(EchoServer.MARK)) {
            // The JVM says there that it could not start a thread.
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the server has ended");
        }
        final Map<String, Long> values = new HashMap<>();
        for (final String pair : line.substring(EchoServer.MARK.length()).split(" ", -1)) {
            final int at = pair.indexOf('=');
            values.put(pair.substring(0, at), Long.valueOf(pair.substring(at + 1)));
        }
        return values;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    Map<String, Long> counts() throws IOException {
        in.newLine();
        in.flush();
        return read();
    }

    /** How much of one core it takes, over so long. */
    double cpuDuring(final long ns) {
        final long startNs = System.nanoTime();
        final long startCpuNs = cpuNs();
        long leftNs = ns;
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = ns - (System.nanoTime() - startNs);
        }
        return (cpuNs() - startCpuNs) / (double) (System.nanoTime() - startNs);
    }

    private long cpuNs() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Has it drain; its exit status. */
    int drain() throws IOException, InterruptedException {
        in.close();
        out.transferTo(Writer.nullWriter());
        if (!process.waitFor(EXIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
    }
}
