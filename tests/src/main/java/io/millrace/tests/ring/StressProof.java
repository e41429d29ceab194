package io.millrace.tests.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs every jcstress pair of this module in a JVM of its own: the real one must pass, the weakened one must show its
 * forbidden outcome. Arguments: the directory for results, then options for the real ones.
 */
public final class StressProof {
    private static final List<String> PAIRS = List.of(
            "tests.ring.Commit",
            "tests.ring.Release",
            "tests.ring.Doorbell",
            "tests.ring.Detach",
            "tests.ring.Close",
            "tests.ring.Overwrite",
            "tests.session.StatePublish",
            "tests.session.TicketTake",
            "tests.session.SnapshotPublish",
            "transport.agent.PullFull",
            "transport.agent.PullEnd",
            "transport.agent.Retire",
            "transport.agent.Grow",
            "transport.agent.GateEnter",
            "transport.channel.socket.Alarm",
            "transport.channel.socket.Detachable",
            "transport.websocket.BroadcastEnd");

    /** The compiler shuffles what it may only in its own stress modes, by a seed that is another one in each fork. */
    private static final List<String> UNTIL_SHOWN = List.of(
            "-sc",
            "false",
            "-af",
            "NONE",
            "-f",
            "12",
            "-iters",
            "5",
            "-time",
            "200",
            "-jvmArgs",
            "-XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM -XX:-TieredCompilation");

    private static final List<String> NOTHING_WRONG =
            List.of("Failed tests: No matches.", "Error tests: No matches.", "All remaining tests: 1 matching");

    private StressProof() {}

    /**
     * Runs all pairs and throws if one did not do its part.
     *
     * @param args directory, then jcstress options for the real ones.
     * @throws IOException          if a child cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final Path directory = Files.createDirectories(Path.of(args[0]));
        final List<String> options = List.of(args).subList(1, args.length);
        final List<String> failures = new ArrayList<>();
        for (final String pair : PAIRS) {
            expect(pair + "Stress", true, directory, options, failures);
            expect(pair + "Weakened", false, directory, UNTIL_SHOWN, failures);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("jcstress: " + failures + ", see " + directory);
        }
    }

    private static void expect(
            final String test,
            final boolean passes,
            final Path directory,
            final List<String> options,
            final List<String> failures)
            throws IOException, InterruptedException {
        final Path log = directory.resolve(test + ".txt");
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                "io.millrace." + test,
                "-r",
                directory.resolve(test).toString()));
        command.addAll(options);
        Files.createDirectories(directory.resolve(test));
        final Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        final int status = process.waitFor();
        final String output = Files.readString(log);
        final boolean passed = status == 0 && NOTHING_WRONG.stream().allMatch(output::contains);
        final boolean shown = output.contains("Observed forbidden state");
        final boolean asExpected = passes ? passed : shown;
        System.out.println(
                "jcstress: " + test + (passed ? " passed" : shown ? " shows its forbidden outcome" : " broke")
                        + (asExpected ? "" : ", which is WRONG"));
        if (!asExpected) {
            failures.add(test);
        }
    }
}
