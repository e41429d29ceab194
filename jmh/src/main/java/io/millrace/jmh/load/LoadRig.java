package io.millrace.jmh.load;

import com.google.gson.GsonBuilder;
import io.millrace.jmh.Environment;
import io.millrace.jmh.Jvms;
import io.millrace.jmh.connection.Fleets;
import io.millrace.jmh.connection.Security;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Load at a fixed rate: the command. Each message has its time, and its latency counts from then, so that one which waits for
 * a stalled sender shows the stall (no coordinated omission). Each peer and number of connections has JVMs of its own.
 *
 * <p>Exit status: 0 if all was measured, 1 if something could not be, which a line says while the rest runs, 2 if an option
 * is wrong.
 */
@Command(
        name = "LoadRig",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Sends messages at fixed rates over 1 to N connections on loopback, one way, and tells how late they"
                        + " arrive, counted from the time when each was due.")
public final class LoadRig implements Callable<Integer> {
    /** Exit status if something could not be measured, which the rig has said then. */
    static final int FAILED = 1;

    private static final int SPARE_FILES = 200;

    @Option(
            names = "--peer",
            split = ",",
            defaultValue = "baseline-netty-nio,baseline-netty-epoll,millrace",
            description = "Who carries them, by the benchmarks' names (default: ${DEFAULT-VALUE}).")
    private List<String> peers;

    @Option(
            names = "--security",
            defaultValue = "PLAIN",
            description = "What lies below: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Security security;

    @Option(
            names = "--connections",
            split = ",",
            defaultValue = "10",
            description = "To one server (default: ${DEFAULT-VALUE}).")
    private List<Integer> connections;

    @Option(
            names = "--rate",
            split = ",",
            defaultValue = "100000",
            converter = Rate.class,
            description = "Messages a second over all connections, a step each; max for as many as are accepted"
                    + " (default: ${DEFAULT-VALUE}).")
    private List<Double> rates;

    @Option(names = "--until-saturated", description = "End at the first rate that could not be held.")
    private boolean untilSaturated;

    @Option(
            names = "--senders",
            defaultValue = "1",
            description = "Threads that send, connections shared out (default: ${DEFAULT-VALUE}).")
    private int senders;

    @Option(
            names = "--length",
            defaultValue = "100",
            description = "Bytes of a message, without its header (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--warm-up",
            defaultValue = "4",
            description = "Seconds at the first rate that don't count (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "6", description = "Of each step (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--forks",
            defaultValue = "1",
            description = "JVMs for each peer and number of connections; 0 for this one (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--fork-number",
            defaultValue = "1",
            description = "Number of the first (default: ${DEFAULT-VALUE}).")
    private int firstFork;

    @Option(
            names = "--server-jvm",
            description =
                    "The server has a JVM of its own, and with it all open files that a process may have. Only plain"
                            + " connections, of Millrace's threads or Netty.")
    private boolean serverJvm;

    @Option(names = "--label", defaultValue = "", description = "Goes into files and reports (default: none).")
    private String label;

    @Option(
            names = "--jvm-args",
            defaultValue = "-Xms2g -Xmx4g",
            description = "Flags of the JVMs, by blanks (default: ${DEFAULT-VALUE}).")
    private String jvmArgs;

    @Option(names = "--out", description = "Folder for .json, .hlog and .hdr files (default: none are written).")
    private Path out;

    @Spec
    private CommandSpec spec;

    private final List<String> unknown = new ArrayList<>();

    /**
     * Measures and exits.
     *
     * @param args see {@code --help}.
     */
    public static void main(final String[] args) {
        Jvms.endWithThisOne();
        System.exit(command().execute(args));
    }

    static CommandLine command() {
        return new CommandLine(new LoadRig()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final List<LoadPlan> plans = plans();
        if (out != null) {
            Files.createDirectories(out);
        }
        final PrintWriter console = spec.commandLine().getOut();
        if (forks > 0) {
            Environment.now().warnings().forEach(console::println);
            console.println(LoadStep.heading());
        }
        unknown.forEach(console::println);
        boolean failed = !unknown.isEmpty();
        final LoadFork fork = new LoadFork(jvmArgs, out, console);
        for (final LoadPlan plan : plans) {
            console.flush();
            failed |= !(forks == 0 ? measure(plan, console) : fork.run(plan));
        }
        return failed ? FAILED : 0;
    }

    /** Forks outermost, so that what drifts meets all peers alike. */
    private List<LoadPlan> plans() {
        final List<LoadPlan> plans = new ArrayList<>();
        try {
            if (forks < 0 || firstFork < 1) {
                throw new IllegalArgumentException("forks must be 0 or more, and their numbers begin with 1: forks="
                        + forks + " fork-number=" + firstFork);
            }
            final List<String> known = known();
            for (int fork = firstFork; fork < firstFork + Math.max(1, forks); fork++) {
                for (final int count : connections) {
                    for (final String peer : known) {
                        plans.add(new LoadPlan(
                                label,
                                peer,
                                security,
                                count,
                                senders,
                                length,
                                rates,
                                untilSaturated,
                                warmUpSeconds,
                                seconds,
                                fork,
                                serverJvm));
                    }
                }
            }
        } catch (final IllegalArgumentException ex) {
            throw new ParameterException(spec.commandLine(), ex.getMessage(), ex);
        }
        return plans;
    }

    /** Who is unknown, or not with that security or a server apart, is said in a line; the rest runs. */
    private List<String> known() {
        final List<String> known = new ArrayList<>();
        for (final String peer : peers) {
            try {
                if (serverJvm) {
                    Fleets.apart(peer);
                } else {
                    Fleets.of(peer, security);
                }
                known.add(peer);
            } catch (final IllegalArgumentException ex) {
                unknown.add(peer + " not measured: " + ex.getMessage());
            }
        }
        if (known.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", unknown));
        }
        return known;
    }

    private boolean measure(final LoadPlan plan, final PrintWriter console) throws InterruptedException {
        try {
            checkFiles(plan);
            try (LoadRun run = LoadRun.of(plan)) {
                if (plan.warmUpSeconds() > 0) {
                    run.step(plan.rates().get(0), TimeUnit.SECONDS.toMillis(plan.warmUpSeconds()), new IntervalLog());
                }
                for (final double rate : plan.rates()) {
                    final IntervalLog intervals = new IntervalLog();
                    final LoadStep step = run.step(rate, TimeUnit.SECONDS.toMillis(plan.seconds()), intervals);
                    console.println(step.row());
                    console.flush();
                    write(plan.name(rate), step, intervals);
                    if (untilSaturated && !step.held()) {
                        break;
                    }
                }
            }
            return true;
        } catch (final InterruptedException ex) {
            throw ex;
        } catch (final Exception | LinkageError | OutOfMemoryError ex) {
            console.println(plan.name() + " not measured: " + reason(ex));
            console.flush();
            return false;
        }
    }

    private static String reason(final Throwable ex) {
        final Throwable cause = ex.getCause();
        return ex.getMessage() + (cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")");
    }

    private void write(final String name, final LoadStep step, final IntervalLog intervals) throws IOException {
        if (out == null) {
            return;
        }
        Files.writeString(
                out.resolve(name + ".json"),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .serializeSpecialFloatingPointValues()
                                .create()
                                .toJson(step)
                        + "\n");
        if (step.scheduled() > 0) {
            intervals.write(out, name);
        }
    }

    /** That a JVM may have open. */
    static long filesOf(final LoadPlan plan) {
        // A selector's two, where each connection has one of its own.
        final int each = plan.peer().startsWith("millrace") && !plan.peer().contains("virtual") ? 3 : 1;
        final int ends = plan.serverJvm() ? 1 : 2;
        return (long) ends * each * plan.connections() + SPARE_FILES;
    }

    private static void checkFiles(final LoadPlan plan) throws IOException {
        final long wanted = filesOf(plan);
        final long limit = Environment.maxOpenFiles();
        if (wanted > limit) {
            throw new IOException("needs " + wanted + " open files and may have " + limit + ": raise ulimit -n");
        }
    }
}
