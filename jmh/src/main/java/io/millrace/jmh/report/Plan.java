package io.millrace.jmh.report;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the report measures and shows, from {@code plan.json} beside this class: see there for an example of each.
 *
 * @param steps    what is run.
 * @param peers    names to show, by name of the peer.
 * @param sections of the page.
 */
record Plan(List<Step> steps, Map<String, String> peers, List<Section> sections) {
    private static final String FILE = "plan.json";

    /**
     * A command that measures.
     *
     * @param id     of the step, and the beginning of its files' names.
     * @param rounds how often, each in JVMs of its own.
     * @param jdk    least feature version that it needs; 0 for any.
     * @param main   class.
     * @param args   by blanks; {@code {raw}} stands for the folder, {@code {file}} for a JSON file, {@code {round}} for the number.
     * @param extra  run only if asked for by its name: the rest takes its quarter of an hour.
     * @param seconds that a round usually takes.
     */
    record Step(String id, int rounds, int jdk, String main, String args, boolean extra, int seconds) {}

    /**
     * A part of the page.
     *
     * @param title  of it.
     * @param text   that says what was asked.
     * @param rows   ratios.
     * @param charts pictures.
     * @param table  of words, its head first; null if there is none.
     */
    record Section(String title, String text, List<Row> rows, List<Chart> charts, List<List<String>> table) {}

    /**
     * A quotient that is to be shown.
     *
     * @param title     what was done.
     * @param against   whom it is compared with, in words.
     * @param benchmark that measured both.
     * @param params    of both.
     * @param metric    of both.
     * @param ours      parameters of ours, from which the rest follows.
     * @param theirs    parameters of the other side.
     * @param inverse   whether the other's is divided by ours, because less is better.
     * @param atLeast   target; null if there is none, or the other kind.
     * @param atMost    target; null likewise.
     * @param bounds    what bounds it; null if nothing is known.
     * @param tried     what was tried; null likewise.
     */
    record Row(
            String title,
            String against,
            String benchmark,
            Map<String, String> params,
            String metric,
            Map<String, String> ours,
            Map<String, String> theirs,
            boolean inverse,
            Double atLeast,
            Double atMost,
            String bounds,
            String tried) {
        Optional<String> target() {
            if (atLeast != null) {
                return Optional.of("≥ " + Figures.plain(atLeast));
            }
            return Optional.ofNullable(atMost).map(most -> "≤ " + Figures.plain(most));
        }
    }

    /**
     * A picture.
     *
     * @param id        name of its file, if it is wanted apart; null if not.
     * @param kind      {@code bars}, {@code lines} or {@code percentiles}.
     * @param title     of it.
     * @param benchmark whose values.
     * @param params    that they have.
     * @param metric    of them.
     * @param x         parameter along the axis, for lines.
     * @param scale     that values are divided by.
     * @param unit      after that.
     * @param better    {@code more} or {@code less}.
     */
    record Chart(
            String id,
            String kind,
            String title,
            String benchmark,
            Map<String, String> params,
            String metric,
            String x,
            double scale,
            String unit,
            String better) {}

    static Plan load() throws IOException {
        try (InputStream in = Plan.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException("missing beside " + Plan.class.getName() + ": " + FILE);
            }
            return new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), Plan.class);
        } catch (final JsonParseException ex) {
            throw new IOException(FILE + ": " + ex.getMessage(), ex);
        }
    }

    String nameOf(final String peer) {
        return peers.getOrDefault(peer, peer);
    }

    /** Parameters of one side of a row. */
    static Map<String, String> joined(final Map<String, String> all, final Map<String, String> side) {
        final Map<String, String> joined = new HashMap<>(all == null ? Map.of() : all);
        joined.putAll(side);
        return joined;
    }
}
