package io.millrace.jmh.report;

import io.millrace.jmh.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page: one file without anything from elsewhere, XML as well as HTML. */
final class Page {
    private static final String STYLE = "page.css";
    private static final List<String> LEFT_OUT = List.of(Series.PEER, "jdk", "method", "threads");

    private final Plan plan;
    private final RawFolder raw;
    private final Gallery gallery;
    private final Markup out = new Markup();

    Page(final Plan plan, final RawFolder raw) {
        this.plan = plan;
        this.raw = raw;
        gallery = new Gallery(plan, raw);
    }

    String write() throws IOException {
        out.raw("<!DOCTYPE html>\n").open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        out.open("head").leaf("meta", "charset", "utf-8");
        out.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.leaf("meta", "name", "color-scheme", "content", "light dark");
        out.text("title", "Millrace beside its peers");
        out.open("style").raw(css()).raw(Palette.CSS).close().close().line();
        out.open("body");
        header();
        overview();
        for (final Plan.Section section : plan.sections()) {
            section(section);
        }
        profiles();
        everything();
        environment();
        commands();
        out.close().line().close();
        return out.toString();
    }

    private static String css() throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(STYLE)) {
            if (in == null) {
                throw new IOException("missing beside " + Page.class.getName() + ": " + STYLE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<Result> results() {
        return plan.sections().stream()
                .flatMap(section -> section.rows().stream())
                .map(row -> Result.of(row, raw))
                .toList();
    }

    private void header() {
        final List<Result> results = results();
        final long met =
                results.stream().filter(result -> result.verdict().isMet()).count();
        final long missed =
                results.stream().filter(result -> result.verdict().isMissed()).count();
        final long absent = results.stream()
                .filter(result -> result.verdict() == Result.Verdict.ABSENT)
                .count();
        out.open("header").text("h1", "Millrace beside its peers");
        out.text(
                "p",
                "Ratios of one run on one machine, with 95 % intervals; every message was checked where it arrived. What Millrace"
                        + " loses is in the same tables.",
                "class",
                "lead");
        out.open("p", "class", "tally");
        tally(met, "met", met == 1 ? "target met" : "targets met");
        tally(missed, "missed", "missed");
        tally(absent, "absent", "not measured");
        out.close();
        raw.environments().stream()
                .findFirst()
                .ifPresent(environment -> out.text(
                        "p",
                        environment.cores() + " cores, " + environment.cpu() + "; " + environment.jdk() + "; "
                                + environment.kernel() + "; commit " + environment.commit() + "; " + environment.time(),
                        "class",
                        "soft"));
        for (final String problem : problems()) {
            out.text("p", problem, "class", "problem");
        }
        out.close().line();
    }

    /** All targets that were measured. */
    private void overview() {
        final List<Forest.Mark> marks = results().stream()
                .filter(result -> result.verdict().isMet() || result.verdict().isMissed())
                .map(Forest.Mark::of)
                .toList();
        if (marks.isEmpty()) {
            return;
        }
        final int half = (marks.size() + 1) / 2;
        out.open("section").text("h2", "Targets at a glance");
        out.text(
                "p",
                "How much of its target each work reached, with its interval: at 1 it is just met, right is better."
                        + " What lies beyond the axis is drawn at its end.");
        out.open("div", "class", "charts");
        for (final List<Forest.Mark> part : List.of(marks.subList(0, half), marks.subList(half, marks.size()))) {
            if (!part.isEmpty()) {
                out.open("figure").raw(Forest.svg("Targets", part, "")).close();
            }
        }
        out.close().close().line();
    }

    private void tally(final long count, final String style, final String words) {
        if (count > 0) {
            out.open("span", "class", "pill " + style)
                    .text("b", Long.toString(count))
                    .text(" " + words)
                    .close();
        }
    }

    private List<String> problems() {
        final List<String> problems = new ArrayList<>(raw.problems());
        raw.environments().stream()
                .flatMap(environment -> environment.warnings().stream())
                .distinct()
                .forEach(problems::add);
        if (raw.environments().stream().map(Environment::commit).distinct().count() > 1) {
            problems.add("The figures are of several commits: "
                    + raw.environments().stream()
                            .map(Environment::commit)
                            .distinct()
                            .collect(Collectors.joining(", ")));
        }
        return problems;
    }

    private void section(final Plan.Section section) throws IOException {
        out.open("section").text("h2", section.title()).text("p", section.text());
        if (!section.rows().isEmpty()) {
            out.open("div", "class", "rows");
            for (final Plan.Row row : section.rows()) {
                row(Result.of(row, raw));
            }
            out.close();
        }
        if (section.table() != null) {
            table(section.table());
        }
        if (!section.charts().isEmpty()) {
            out.open("div", "class", "charts");
            for (final Plan.Chart chart : section.charts()) {
                final Optional<String> picture = gallery.draw(chart, "");
                if (picture.isPresent()) {
                    out.open("figure")
                            .text("figcaption", chart.title())
                            .raw(picture.get())
                            .close()
                            .line();
                }
            }
            out.close();
        }
        out.close().line();
    }

    /** The first column holds names, the others figures. */
    private void table(final List<List<String>> rows) {
        out.open("div", "class", "scroll").open("table");
        for (int i = 0; i < rows.size(); i++) {
            out.open("tr");
            for (int j = 0; j < rows.get(i).size(); j++) {
                out.text(i == 0 ? "th" : "td", rows.get(i).get(j), "class", j == 0 ? "" : "n");
            }
            out.close();
        }
        out.close().close();
    }

    private void row(final Result result) {
        final Plan.Row row = result.row();
        out.open("article");
        out.open("h3")
                .text(row.title())
                .text("span", " against " + row.against(), "class", "soft")
                .close();
        out.open("dl");
        cell("Millrace", result.ours().map(Page::value).orElse("–"));
        cell(row.against(), result.theirs().map(Page::value).orElse("–"));
        cell(
                row.inverse() ? "theirs over ours" : "ours over theirs",
                result.ratio().map(Figures::of).orElse("–"),
                "ratio");
        cell("target", row.target().orElse("–"));
        out.close();
        out.text("p", result.verdict().words(), "class", "pill " + style(result.verdict()));
        if (!result.remark().isEmpty()) {
            out.text("p", result.remark(), "class", "problem");
        }
        note("What bounds it", row.bounds());
        note("Tried", row.tried());
        out.close().line();
    }

    private void cell(final String name, final String value) {
        cell(name, value, "");
    }

    private void cell(final String name, final String value, final String style) {
        out.open("div", "class", style).text("dt", name).text("dd", value).close();
    }

    private void note(final String name, final String text) {
        if (text != null) {
            out.open("p", "class", "note").text("b", name + ": ").text(text).close();
        }
    }

    private static String value(final Series series) {
        return Figures.of(series.mean(), series.unit());
    }

    static String style(final Result.Verdict verdict) {
        return verdict.isMet() ? "met" : verdict.isMissed() ? "missed" : "absent";
    }

    /** A column for each profile. */
    private void profiles() {
        final List<HotPath.Profile> profiles = raw.profiles();
        if (profiles.isEmpty()) {
            return;
        }
        out.open("section").text("h2", "Where a message's time goes");
        out.text(
                "p",
                "CPU time of senders and connections at both ends, from the offer to the peer's handler, in per cent by"
                        + " samples of perf (cpu-clock) or of the JDK's Flight Recorder, the JVM warm. Time spent asleep is not in it; looking at a socket in vain is,"
                        + " since a connection that waits reads until it parks. The Flight Recorder sees Java's frames and, of"
                        + " native code, the native method only, of one thread at a time, so that system calls weigh less by it than they"
                        + " should; threads in epoll, which sleep, are left out.");
        final List<List<String>> rows = new ArrayList<>();
        final List<String> head = new ArrayList<>(List.of("stage"));
        profiles.forEach(profile -> head.add(profile.title()));
        rows.add(head);
        final Map<String, Double> most = new HashMap<>();
        profiles.forEach(profile -> profile.stages().forEach((stage, share) -> most.merge(stage, share, Math::max)));
        most.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .forEach(stage -> {
                    final List<String> row = new ArrayList<>(List.of(stage));
                    profiles.forEach(profile -> row.add(
                            profile.stages().containsKey(stage)
                                    ? String.format(
                                            Locale.ROOT,
                                            "%.1f",
                                            profile.stages().get(stage))
                                    : "–"));
                    rows.add(row);
                });
        table(rows);
        out.close().line();
    }

    /** All figures, the losers' and those that no row asks for. */
    private void everything() {
        out.open("section").text("h2", "Everything that was measured");
        final Map<String, List<Series>> groups = new TreeMap<>(raw.series().stream()
                .collect(Collectors.groupingBy(series -> series.benchmark() + ", " + metric(series))));
        groups.forEach((title, group) -> {
            out.open("details")
                    .text("summary", title)
                    .open("div", "class", "scroll")
                    .open("table");
            out.open("tr")
                    .text("th", "peer")
                    .text("th", "parameters")
                    .text("th", "mean", "class", "n")
                    .text("th", "least", "class", "n")
                    .text("th", "most", "class", "n")
                    .text("th", "JVMs × values", "class", "n")
                    .close();
            for (final Series series : group) {
                out.open("tr", "class", Palette.isOurs(series.peer()) ? "ours" : "")
                        .text("td", plan.nameOf(series.peer()))
                        .text("td", params(series))
                        .text("td", Figures.of(series.mean(), series.unit()), "class", "n")
                        .text("td", Figures.of(series.least()), "class", "n")
                        .text("td", Figures.of(series.most()), "class", "n")
                        .text(
                                "td",
                                series.rounds().size() + " × "
                                        + series.values() / series.rounds().size(),
                                "class",
                                "n")
                        .close();
            }
            out.close().close().close().line();
        });
        out.close();
    }

    private static String metric(final Series series) {
        return "score".equals(series.metric()) ? series.unit() : series.metric();
    }

    private static String params(final Series series) {
        return new TreeMap<>(series.params())
                .entrySet().stream()
                        .filter(param -> !LEFT_OUT.contains(param.getKey()))
                        .map(param -> param.getKey() + " " + param.getValue())
                        .collect(Collectors.joining(", "));
    }

    private void environment() {
        out.open("section").text("h2", "Where");
        for (final Environment environment : raw.environments()) {
            out.open("div", "class", "scroll").open("table");
            fact("time", environment.time());
            fact("commit", environment.commit());
            fact("JDK of the runner", environment.jdk());
            fact("its flags", String.join(" ", environment.jvmFlags()));
            fact("CPU", environment.cpu());
            fact("cores", Integer.toString(environment.cores()));
            fact("memory", Figures.of(environment.memoryGib(), "GiB"));
            fact("kernel", environment.kernel());
            fact("load before", Figures.of(environment.load()));
            out.close().close();
        }
        out.close().line();
    }

    private void fact(final String name, final String value) {
        out.open("tr").text("th", name).text("td", value).close();
    }

    private void commands() {
        out.open("section").text("h2", "How to repeat it");
        out.open("p")
                .text("code", "mvn -q -Preport verify")
                .text(" measures and writes this page, a summary and the raw files; ")
                .text("code", "-Dreport.args=--render-only")
                .text(" writes the page again from the files. The steps, each a command of its own:")
                .close();
        out.open("pre");
        for (final Plan.Step step : plan.steps()) {
            out.text("# " + step.id() + (step.rounds() == 1 ? "" : ", " + step.rounds() + " rounds")
                    + (step.jdk() == 0 ? "" : ", JDK " + step.jdk() + " or later")
                    + (step.extra() ? ", only if asked for" : "") + "\n");
            out.text("java -cp benchmarks.jar " + step.main() + " " + step.args() + "\n");
        }
        out.close().close();
    }
}
