package io.millrace.jmh.report;

import io.millrace.jmh.Environment;
import java.util.List;
import java.util.Optional;

/** The same ratios in Markdown. */
final class Summary {
    private final Plan plan;
    private final RawFolder raw;

    Summary(final Plan plan, final RawFolder raw) {
        this.plan = plan;
        this.raw = raw;
    }

    String write() {
        final StringBuilder out = new StringBuilder("# Millrace beside its peers\n\n");
        for (final Environment environment : raw.environments()) {
            out.append(environment.time())
                    .append(", commit ")
                    .append(environment.commit())
                    .append(": ");
            out.append(environment.cores())
                    .append(" cores, ")
                    .append(environment.cpu())
                    .append("; ");
            out.append(environment.jdk())
                    .append("; ")
                    .append(environment.kernel())
                    .append(".\n\n");
        }
        out.append("Ratios with 95 % intervals; the page beside this file has the charts, and all figures.\n");
        for (final Plan.Section section : plan.sections()) {
            if (!section.rows().isEmpty()) {
                out.append("\n## ").append(section.title()).append("\n\n");
                table(section.rows().stream().map(row -> Result.of(row, raw)).toList(), out);
            }
        }
        raw.problems().forEach(problem -> out.append("\n- ").append(cell(problem)));
        return out.append('\n').toString().replace("\n\n\n", "\n\n");
    }

    private static void table(final List<Result> results, final StringBuilder out) {
        out.append("| | against | Millrace | theirs | ratio | target | |\n|---|---|--:|--:|--:|--:|---|\n");
        for (final Result result : results) {
            final Plan.Row row = result.row();
            line(
                    out,
                    row.title(),
                    row.against(),
                    value(result.ours()),
                    value(result.theirs()),
                    result.ratio().map(Figures::of).orElse("–"),
                    row.target().orElse("–"),
                    result.verdict().words());
        }
        for (final Result result : results) {
            final Plan.Row row = result.row();
            if (result.verdict().isMissed() && row.bounds() != null) {
                out.append("\n*")
                        .append(row.title())
                        .append(" against ")
                        .append(row.against())
                        .append(":* ");
                out.append(row.bounds())
                        .append(row.tried() == null ? "" : " Tried: " + row.tried())
                        .append('\n');
            }
        }
    }

    private static String value(final Optional<Series> series) {
        return series.map(found -> Figures.of(found.mean(), found.unit())).orElse("–");
    }

    private static void line(final StringBuilder out, final String... cells) {
        out.append('|');
        for (final String text : cells) {
            out.append(' ').append(cell(text)).append(" |");
        }
        out.append('\n');
    }

    private static String cell(final String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
