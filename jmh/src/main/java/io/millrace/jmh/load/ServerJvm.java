package io.millrace.jmh.load;

import io.millrace.jmh.Jvms;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The receiving half in a JVM of its own, with the flags of this one: asks a {@link LoadServer}, line by line. One thread. */
final class ServerJvm implements ServerEnd {
    private static final String ENDED = "the server's JVM has ended";
    private static final long EXIT_S = 20;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final int port;

    ServerJvm(final LoadPlan plan) throws IOException {
        final List<String> command =
                Jvms.command(ManagementFactory.getRuntimeMXBean().getInputArguments(), LoadServer.class.getName());
        command.addAll(List.of(plan.peer(), Integer.toString(plan.connections()), Integer.toString(plan.length())));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        port = Integer.parseInt(answer());
    }

    int port() {
        return port;
    }

    @Override
    public void begin(final Schedule schedule) throws IOException {
        ask(LoadServer.BEGIN + " " + schedule.text());
    }

    @Override
    public Histogram take() throws IOException {
        return LoadServer.histogram(ask(LoadServer.TAKE));
    }

    @Override
    public long received() throws IOException {
        return Long.parseLong(ask(LoadServer.RECEIVED));
    }

    @Override
    public Usage usage() throws IOException {
        return Usage.parse(ask(LoadServer.USAGE));
    }

    private String ask(final String question) throws IOException {
        try {
            in.write(question);
            in.newLine();
            in.flush();
        } catch (final IOException ex) {
            throw new IOException(ENDED, ex);
        }
        return answer();
    }

    /** Passes over what the JVM itself says. */
    private String answer() throws IOException {
        while (true) {
            final String line = out.readLine();
            if (line == null) {
                throw new IOException(ENDED);
            }
            if (line.startsWith(LoadServer.FAILED)) {
                throw new IllegalStateException("the run failed: " + line.substring(LoadServer.FAILED.length()));
            }
            if (line.startsWith(LoadServer.DONE)) {
                return line.substring(LoadServer.DONE.length());
            }
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (final IOException ex) {
            // It has ended already.
        }
        try {
            Jvms.await(process, EXIT_S);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
