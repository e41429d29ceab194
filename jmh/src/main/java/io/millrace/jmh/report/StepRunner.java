package io.millrace.jmh.report;

import io.millrace.jmh.Jvms;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the plan's steps in JVMs of their own, whose words go to files beside the figures. */
final class StepRunner {
    /** A step may take so many times what it usually does, and some more for a machine that is slow to start. */
    private static final int PATIENCE = 3;

    private static final int START_S = 60;

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
        final long limitS = START_S + (long) PATIENCE * step.seconds();
        if (!Jvms.await(process, limitS)) {
            return fail(failed, name, "had not ended after " + limitS + " s");
        }
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
        final StepLog said = StepLog.read(log);
        if (process.exitValue() != 0) {
            return fail(failed, name, "exit status " + process.exitValue() + ": " + said.reason());
        }
        if (!said.failures().isEmpty()) {
            return fail(failed, name, said.failures());
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

    private Optional<Path> java(final Plan.Step step) {
        if (Runtime.version().feature() >= step.jdk()) {
            return Optional.of(Path.of(System.getProperty("java.home"), "bin", "java"));
        }
        return newestJdk.map(home -> home.resolve("bin").resolve("java"));
    }

    private List<String> command(final Plan.Step step, final Path java, final String name, final int round) {
        final List<String> command = Jvms.command(java, List.of(), step.main());
        Arrays.stream(step.args().split(" ", -1))
                .map(arg -> arg.replace("{raw}", raw.toString())
                        .replace("{file}", raw.resolve(name + ".json").toString())
                        .replace("{round}", Integer.toString(round)))
                .forEach(command::add);
        return command;
    }
}
