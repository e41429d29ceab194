package io.millrace.jmh.report;

import com.google.gson.GsonBuilder;
import io.millrace.jmh.Jvms;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the CPU time of a benchmark goes, by stages of a message's way: Linux's {@code perf} samples a JVM that runs it in the warm
 * state. {@code HotPath name file benchmark...}, the rest for JMH, writes shares of 100.
 */
public final class HotPath {
    private static final String WARM_UP_S = "10";
    private static final String MEASURED_S = "8";
    private static final String DELAY_MS = "11000";
    private static final List<String> FLAGS = List.of(
            "-Xms2g",
            "-XX:+PreserveFramePointer",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+DumpPerfMapAtExit",
            "-XX:+DebugNonSafepoints",
            "-Djmh.ignoreLock=true");

    /**
     * What came of it.
     *
     * @param profile of which benchmark, to show.
     * @param samples of senders and connections.
     * @param stages  shares of 100.
     */
    record Profile(String profile, int samples, Map<String, Double> stages) {}

    private HotPath() {}

    /**
     * Profiles.
     *
     * @param args name, with underscores for blanks, file, and what JMH is to run.
     * @throws Exception if it can't be run.
     */
    @SuppressWarnings("SystemOut") // The runner keeps it.
    public static void main(final String[] args) throws Exception {
        final Path folder = Files.createTempDirectory("hot-path");
        try {
            final Path data = folder.resolve("perf.data");
            final List<String> command = new ArrayList<>(
                    List.of("perf", "record", "-q", "-g", "-F", "499", "-e", "cpu-clock", "-D", DELAY_MS));
            command.addAll(List.of("-o", data.toString()));
            command.addAll(Jvms.command(FLAGS, "org.openjdk.jmh.Main"));
            command.addAll(Arrays.asList(args).subList(2, args.length));
            command.addAll(List.of("-f", "0", "-wi", WARM_UP_S, "-w", "1", "-i", MEASURED_S, "-r", "1"));
            if (run(new ProcessBuilder(command).inheritIO()) != 0) {
                throw new IOException("perf record failed: its message stands above");
            }
            final Stages stages = read(data);
            if (stages.samples() == 0) {
                throw new IOException("perf saw no sender and no connection");
            }
            Files.writeString(
                    Path.of(args[1]),
                    new GsonBuilder()
                                    .setPrettyPrinting()
                                    .create()
                                    .toJson(new Profile(args[0].replace('_', ' '), stages.samples(), stages.percents()))
                            + "\n");
        } catch (final IOException ex) {
            System.out.println(ex.getMessage() + " (perf is in Debian's linux-perf)");
            System.exit(1);
        } finally {
            try (var files = Files.list(folder)) {
                for (final Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static Stages read(final Path data) throws IOException, InterruptedException {
        final Stages stages = new Stages();
        final Process script = new ProcessBuilder("perf", "script", "-i", data.toString(), "-F", "comm,ip,sym,dso")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = script.inputReader(StandardCharsets.UTF_8)) {
            stages.read(lines.lines().iterator());
        }
        if (script.waitFor() != 0) {
            throw new IOException("perf script failed");
        }
        return stages;
    }

    private static int run(final ProcessBuilder command) throws IOException, InterruptedException {
        return command.start().waitFor();
    }
}
