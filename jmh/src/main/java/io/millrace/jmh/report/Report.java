package io.millrace.jmh.report;

import com.google.gson.GsonBuilder;
import io.millrace.jmh.Environment;
import io.millrace.jmh.Jvms;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures a selection in a quarter of an hour, and writes a page and a summary of it: the command.
 *
 * <p>Steps can be run one by one into the same folder, and the page be written again without measuring. Exit status: 0 if all
 * that was asked for was measured, 1 if a step failed, which a line and the page say while the rest goes on, 2 if an option is
 * wrong.
 */
@Command(
        name = "Report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures Millrace beside its peers and writes index.html, summary.md and charts, raw files beside them.")
public final class Report implements Callable<Integer> {
    private static final int FAILED = 1;

    @Option(names = "--out", defaultValue = "jmh/target/report", description = "Folder (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--only",
            split = ",",
            description = "Steps to run, by their names (default: all but those that are extra).")
    private List<String> only;

    @Option(names = "--all", description = "The extra steps, too.")
    private boolean all;

    @Option(
            names = "--round",
            defaultValue = "0",
            description = "The only round to run, from 1; 0 for all (default: ${DEFAULT-VALUE}).")
    private int round;

    @Option(names = "--render-only", description = "Write the page again from the files that are there.")
    private boolean renderOnly;

    @Option(names = "--keep", description = "Leave older figures in the folder, to add to them.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    /**
     * Measures, writes and exits.
     *
     * @param args see {@code --help}; without any, those of the system property {@code report.args}, by blanks.
     */
    public static void main(final String[] args) {
        // Maven hands them over as a property, which may be empty.
        final String[] words = args.length > 0
                ? args
                : Arrays.stream(System.getProperty("report.args", "").trim().split("\\s+", -1))
                        .filter(word -> !word.isEmpty())
                        .toArray(String[]::new);
        Jvms.endWithThisOne();
        System.exit(command().execute(words));
    }

    static CommandLine command() {
        return new CommandLine(new Report());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final Plan plan = Plan.load();
        final Path raw = out.resolve("raw");
        final List<Plan.Step> steps = steps(plan);
        boolean complete = true;
        if (!renderOnly) {
            Files.createDirectories(raw);
            if (!keep) {
                clear(raw);
            }
            complete = measure(steps, raw);
        } else if (!Files.isDirectory(raw)) {
            throw new ParameterException(spec.commandLine(), "nothing was measured yet: no folder " + raw);
        }
        render(plan, raw);
        return complete ? 0 : FAILED;
    }

    private List<Plan.Step> steps(final Plan plan) {
        if (round < 0) {
            throw new ParameterException(spec.commandLine(), "round must be 0 or more: round=" + round);
        }
        if (all && only != null) {
            throw new ParameterException(
                    spec.commandLine(), "either all or only some: --all, --only=" + String.join(",", only));
        }
        if (only == null) {
            return plan.steps().stream().filter(step -> all || !step.extra()).toList();
        }
        final List<Plan.Step> steps = new ArrayList<>();
        final String known = plan.steps().stream().map(Plan.Step::id).collect(Collectors.joining(", "));
        for (final String id : only) {
            final Optional<Plan.Step> found =
                    plan.steps().stream().filter(step -> step.id().equals(id)).findFirst();
            if (found.isPresent()) {
                steps.add(found.get());
            } else {
                console().println("No such step: " + id + "; there are " + known);
            }
        }
        if (steps.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no step is left to run; there are " + known);
        }
        return steps;
    }

    private PrintWriter console() {
        return spec.commandLine().getOut();
    }

    /** Files of earlier runs, which no reader must take for this one's. */
    private static void clear(final Path raw) throws IOException {
        final List<Path> files;
        try (var found = Files.list(raw)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (final Path file : files) {
            Files.delete(file);
        }
    }

    /** Rounds outermost, so that what drifts meets all peers alike. */
    private boolean measure(final List<Plan.Step> steps, final Path raw) throws IOException, InterruptedException {
        final Environment environment = Environment.now();
        environment.warnings().forEach(console()::println);
        Files.writeString(
                raw.resolve(RawFolder.ENVIRONMENT + environment.time().replace(':', '-') + ".json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(environment) + "\n");
        final StepRunner runner = new StepRunner(raw, newestJdk(), console());
        final int rounds = steps.stream().mapToInt(Plan.Step::rounds).max().orElse(0);
        console().println("This takes about " + minutes(steps) + " minutes.");
        console().flush();
        boolean complete = true;
        for (int i = 1; i <= rounds; i++) {
            for (final Plan.Step step : steps) {
                if (i <= step.rounds() && (round == 0 || round == i)) {
                    complete &= runner.run(step, i);
                }
            }
        }
        return complete;
    }

    private long minutes(final List<Plan.Step> steps) {
        final long seconds = steps.stream()
                .mapToLong(
                        step -> (long) step.seconds() * (round == 0 ? step.rounds() : round <= step.rounds() ? 1 : 0))
                .sum();
        return Math.max(1, Math.round(seconds / 60.0));
    }

    /** {@code JDK25_HOME}, or the newest beside the running one. */
    static Optional<Path> newestJdk() throws IOException {
        final String named = System.getenv("JDK25_HOME");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        final Path beside = Path.of(System.getProperty("java.home")).getParent();
        if (beside == null) {
            return Optional.empty();
        }
        try (var homes = Files.list(beside)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin").resolve("java")))
                    .filter(home -> feature(home) > Runtime.version().feature())
                    .max(Comparator.comparingInt(Report::feature));
        }
    }

    private static int feature(final Path home) {
        try (var lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                    .mapToInt(version -> Runtime.Version.parse(version).feature())
                    .findFirst()
                    .orElse(0);
        } catch (final IOException | IllegalArgumentException ex) {
            return 0;
        }
    }

    private void render(final Plan plan, final Path raw) throws IOException {
        final RawFolder measured = RawFolder.read(raw);
        Files.writeString(out.resolve("index.html"), new Page(plan, measured).write());
        Files.writeString(out.resolve("summary.md"), new Summary(plan, measured).write());
        final Gallery gallery = new Gallery(plan, measured);
        for (final Plan.Section section : plan.sections()) {
            for (final Plan.Chart chart : section.charts()) {
                final Optional<String> picture =
                        chart.id() == null ? Optional.empty() : gallery.draw(chart, Palette.CSS);
                if (picture.isPresent()) {
                    Files.writeString(out.resolve(chart.id() + ".svg"), picture.get() + "\n");
                }
            }
        }
        measured.problems().forEach(console()::println);
        console().println("The page: " + out.resolve("index.html"));
        console().flush();
    }
}
