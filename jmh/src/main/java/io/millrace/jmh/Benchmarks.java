package io.millrace.jmh;

import io.millrace.jmh.connection.Natives;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * JMH's own main, with its command line, behind a look at what is asked for and at the machine: whatever will not be what it
 * seems is said in one line each, and the rest runs.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /**
     * Runs benchmarks.
     *
     * @param args as JMH takes them: {@code -h} lists them.
     * @throws IOException if JMH can't write its results.
     */
    public static void main(final String[] args) throws IOException {
        final CommandLineOptions options;
        try {
            options = new CommandLineOptions(args);
        } catch (final CommandLineOptionException ex) {
            System.err.println(ex.getMessage() + " (-h lists the options)");
            System.exit(2);
            return;
        }
        if (!isQuestion(options) && !lookAhead(options)) {
            System.exit(1);
        }
        Main.main(args);
    }

    private static boolean isQuestion(final CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }

    /** Says what there is to say; false if nothing is left to run. */
    private static boolean lookAhead(final CommandLineOptions options) {
        final OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        final Set<BenchmarkListEntry> all = BenchmarkList.defaultList().getAll(silent, options.getExcludes());
        final Preflight preflight = new Preflight(
                all.stream().map(BenchmarkListEntry::getUsername).collect(Collectors.toCollection(TreeSet::new)),
                options.getIncludes());
        final Set<String> peers = all.stream()
                .filter(entry -> preflight.chosen().contains(entry.getUsername()))
                .flatMap(entry -> peers(entry, options).stream())
                .collect(Collectors.toSet());
        preflight.remarks().forEach(System.err::println);
        if (preflight.chosen().isEmpty()) {
            return false;
        }
        Natives.missing(peers).forEach(line -> System.err.println(line + ": its rows fail, the rest runs"));
        Environment.now().warnings().forEach(System.err::println);
        return true;
    }

    private static Collection<String> peers(final BenchmarkListEntry entry, final CommandLineOptions options) {
        final Map<String, String[]> declared = entry.getParams().orElse(Map.of());
        return options.getParameter("peer").orElse(Arrays.asList(declared.getOrDefault("peer", new String[0])));
    }
}
