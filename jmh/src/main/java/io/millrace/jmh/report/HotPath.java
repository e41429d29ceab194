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
import java.util.function.Consumer;

/**
 * Where the CPU time of a benchmark goes, by stages of a message's way: Linux's {@code perf} and the JDK's Flight Recorder each sample
 * a JVM that runs it in the warm state, one after the other, so that neither is in the other's picture. {@code HotPath name file
 * benchmark...}, the rest for JMH, writes shares of 100; what one of the two can't do is said in a line.
 */
public final class HotPath {
    private static final String PERF = "perf";
    private static final String WARM_UP_S = "10";
    private static final String MEASURED_S = "8";
    private static final int DELAY_S = 11;
    private static final List<String> FLAGS =
            List.of("-Xms2g", "-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints", "-Djmh.ignoreLock=true");

    /**
     * What came of it.
     *
     * @param profile of which benchmark, to show.
     * @param by      who took the samples; perf, if a file does not say it.
     * @param samples of senders and connections.
     * @param stages  shares of 100.
     */
    record Profile(String profile, String by, int samples, Map<String, Double> stages) {
        Profile {
            by = by == null ? PERF : by;
        }

        String title() {
            return profile + ", " + by;
        }
    }

    /** Who takes samples. */
    @FunctionalInterface
    interface Sampler {
        Stages sample() throws IOException, InterruptedException;
    }

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
        final List<String> benchmark = new ArrayList<>(Arrays.asList(args).subList(2, args.length));
        benchmark.addAll(List.of("-f", "0", "-wi", WARM_UP_S, "-w", "1", "-i", MEASURED_S, "-r", "1"));
        try {
            final String name = args[0].replace('_', ' ');
            final List<Profile> profiles = new ArrayList<>();
            profile(name, PERF, () -> perf(folder.resolve("perf.data"), benchmark), profiles, System.out::println);
            profile(
                    name,
                    "Flight Recorder",
                    () -> flightRecorder(folder.resolve("recording.jfr"), benchmark),
                    profiles,
                    System.out::println);
            if (profiles.isEmpty()) {
                System.exit(1);
            }
            Files.writeString(
                    Path.of(args[1]),
                    new GsonBuilder().setPrettyPrinting().create().toJson(profiles) + "\n");
        } finally {
            try (var files = Files.list(folder)) {
                for (final Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /** Adds a profile, or says why there is none. */
    static void profile(
            final String name,
            final String by,
            final Sampler sampler,
            final List<Profile> profiles,
            final Consumer<String> says)
            throws InterruptedException {
        try {
            final Stages stages = sampler.sample();
            if (stages.samples() == 0) {
                throw new IOException("it saw no sender and no connection");
            }
            profiles.add(new Profile(name, by, stages.samples(), stages.percents()));
        } catch (final IOException ex) {
            says.accept(name + ": no profile by " + by + ": " + ex.getMessage());
        }
    }

    private static Stages perf(final Path data, final List<String> benchmark) throws IOException, InterruptedException {
        final List<String> command =
                new ArrayList<>(List.of(PERF, "record", "-q", "-g", "-F", "499", "-e", "cpu-clock"));
        command.addAll(List.of("-D", Integer.toString(DELAY_S * 1000), "-o", data.toString()));
        command.addAll(jmh(List.of("-XX:+PreserveFramePointer", "-XX:+DumpPerfMapAtExit"), benchmark));
        final Process record;
        try {
            record = new ProcessBuilder(command).inheritIO().start();
        } catch (final IOException ex) {
            throw new IOException("perf is missing (Debian has it in linux-perf): " + ex.getMessage(), ex);
        }
        if (record.waitFor() != 0) {
            throw new IOException("perf record failed: its message stands above");
        }
        final Stages stages = new Stages();
        final Process script = new ProcessBuilder(PERF, "script", "-i", data.toString(), "-F", "comm,ip,sym,dso")
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

    /** Both kinds of samples at the same distance, so that they weigh the same. */
    private static Stages flightRecorder(final Path recording, final List<String> benchmark)
            throws IOException, InterruptedException {
        final String start = "-XX:StartFlightRecording=delay=" + DELAY_S + "s,dumponexit=true,filename=" + recording
                + ",settings=profile,jdk.ExecutionSample#period=10ms,jdk.NativeMethodSample#period=10ms";
        final Process process =
                new ProcessBuilder(jmh(List.of(start), benchmark)).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException("the benchmark failed: its message stands above");
        }
        final Stages stages = new Stages();
        stages.read(recording);
        return stages;
    }

    private static List<String> jmh(final List<String> flags, final List<String> benchmark) {
        final List<String> all = new ArrayList<>(FLAGS);
        all.addAll(flags);
        final List<String> command = Jvms.command(all, "org.openjdk.jmh.Main");
        command.addAll(benchmark);
        return command;
    }
}
