package io.millrace.jmh.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the plan's steps in JVMs of their own, whose words go to files beside the figures. */
final class StepRunner {
    private static final long LIMIT_S = 600;
    private static final int TAIL = 3;

    private final Path raw;
    private final Optional<Path> newestJdk;
    private final PrintWriter console;

    StepRunner(final Path raw, final Optional<Path> newestJdk, final PrintWriter console) {
        this.raw = raw;
        this.newestJdk = newestJdk;
        this.console = console;
    }

    /** False if it failed, which a file says then. */
    boolean run(final Plan.Step step, final int round) throws IOException, InterruptedException {
        final String name = step.id() + "-" + round;
        final Path failed = raw.resolve(name + RawFolder.FAILED);
        Files.deleteIfExists(failed);
        final Optional<Path> java = java(step);
        if (java.isEmpty()) {
            return fail(failed, name, "needs a JDK of " + step.jdk() + " or later: set JDK25_HOME to its folder");
        }
        final long startNs = System.nanoTime();
        final Path log = raw.resolve(name + ".log");
        final Process process = new ProcessBuilder(command(step, java.get(), name, round))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                return fail(failed, name, "had not ended after " + LIMIT_S + " s");
            }
        } finally {
            end(process);
        }
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
        if (process.exitValue() != 0) {
            return fail(failed, name, "exit status " + process.exitValue() + ": " + tail(log));
        }
        console.println(name + " took " + seconds + " s");
        console.flush();
        return true;
    }

    private boolean fail(final Path file, final String name, final String why) throws IOException {
        Files.writeString(file, why + "\n");
        console.println(name + " not measured: " + why);
        console.flush();
        return false;
    }

    /** With the JVMs that it has started. */
    private static void end(final Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String tail(final Path log) throws IOException {
        final List<String> lines =
                Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    private Optional<Path> java(final Plan.Step step) {
        if (Runtime.version().feature() >= step.jdk()) {
            return Optional.of(Path.of(System.getProperty("java.home"), "bin", "java"));
        }
        return newestJdk.map(home -> home.resolve("bin").resolve("java"));
    }

    private List<String> command(final Plan.Step step, final Path java, final String name, final int round) {
        final List<String> command = new ArrayList<>();
        command.addAll(List.of(java.toString(), "-cp", System.getProperty("java.class.path"), step.main()));
        Arrays.stream(step.args().split(" ", -1))
                .map(arg -> arg.replace("{raw}", raw.toString())
                        .replace("{file}", raw.resolve(name + ".json").toString())
                        .replace("{round}", Integer.toString(round)))
                .forEach(command::add);
        return command;
    }
}
