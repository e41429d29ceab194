package io.millrace.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** What is chosen by patterns, and what is to be said of them before it runs. */
final class Preflight {
    private final Set<String> chosen = new TreeSet<>();
    private final List<String> remarks = new ArrayList<>();

    /** Of all benchmarks' names; without patterns all are chosen. */
    Preflight(final Collection<String> names, final List<String> patterns) {
        if (patterns.isEmpty()) {
            chosen.addAll(names);
        }
        for (final String pattern : patterns) {
            choose(names, pattern);
        }
    }

    private void choose(final Collection<String> names, final String pattern) {
        final Pattern compiled;
        try {
            compiled = Pattern.compile(pattern);
        } catch (final PatternSyntaxException ex) {
            remarks.add("not a regular expression: " + pattern + " (" + ex.getDescription() + ")");
            return;
        }
        final List<String> found =
                names.stream().filter(name -> compiled.matcher(name).find()).toList();
        if (found.isEmpty()) {
            remarks.add("no such benchmark: " + pattern + " (there are "
                    + names.stream().map(Preflight::simpleName).distinct().collect(Collectors.joining(", ")) + ")");
        }
        chosen.addAll(found);
    }

    /** The class of a benchmark, whose name ends with its method. */
    private static String simpleName(final String name) {
        final String type = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** Names of the benchmarks that run. */
    Set<String> chosen() {
        return chosen;
    }

    /** A line for each pattern that chooses nothing. */
    List<String> remarks() {
        return remarks;
    }
}
