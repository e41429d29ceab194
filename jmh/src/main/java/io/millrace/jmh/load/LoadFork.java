package io.millrace.jmh.load;

import io.millrace.jmh.Jvms;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Measures a plan in a JVM of its own, by the load rig's command line. One thread. */
final class LoadFork {
    /** Seconds that a JVM may take beyond its measuring: connections over TLS are slow to open. */
    private static final long SLACK_S = 240;

    private final List<String> flags;
    private final Path out;
    private final PrintWriter console;

    /** Flags by blanks; a folder for the files, or null. */
    LoadFork(final String flags, final Path out, final PrintWriter console) {
        this.flags = Arrays.stream(flags.trim().split("\\s+", -1))
                .filter(flag -> !flag.isEmpty())
                .toList();
        this.out = out;
        this.console = console;
    }

    /** False if something could not be measured, which a line says then. */
    boolean run(final LoadPlan plan) throws IOException, InterruptedException {
        final List<String> command = Jvms.command(flags, LoadRig.class.getName());
        command.addAll(List.of("--forks", "0"));
        command.addAll(plan.options());
        if (out != null) {
            command.addAll(List.of("--out", out.toString()));
        }
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        final Thread printer = new Thread(() -> print(process), "fork-output");
        printer.setDaemon(true);
        printer.start();
        final long limitS = SLACK_S + plan.totalSeconds();
        if (Jvms.await(process, limitS)) {
            printer.join();
            if (process.exitValue() > LoadRig.FAILED) {
                console.println(plan.name() + " not measured: exit status " + process.exitValue());
            }
            return process.exitValue() == 0;
        }
        console.println(plan.name() + " not measured: it has not ended after " + limitS + " s");
        return false;
    }

    /** Netty's remarks about engines and the JDK's about native access are left out. */
    private void print(final Process process) {
        try (var lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
            lines.filter(line -> line.contains(" plain ") || line.contains(" tls ") || line.contains("not measured"))
                    .forEach(line -> {
                        console.println(line);
                        console.flush();
                    });
        }
    }
}
