package io.millrace.jmh.report;

import java.util.List;

/**
 * Colours of peers, the same in every chart: classes {@code c0} and so on, of which {@code c0} is Millrace's. Lines differ in their
 * dashes, too.
 */
final class Palette {
    private static final List<String> LIGHT =
            List.of("#0b7d73", "#c05f0e", "#5b5bd6", "#b02a6f", "#64748b", "#8a6d00", "#2f7d32", "#0b6bb8");
    private static final List<String> DARK =
            List.of("#3fd0c0", "#f0984a", "#a5a5ff", "#f07ab4", "#9fb0c6", "#dcbf4a", "#7bc97f", "#6cb8ff");
    private static final List<String> DASHES = List.of("", "6 3", "2 3", "8 3 2 3", "1 4", "12 4", "4 2 1 2", "3 6");

    /** Style for a page, or for an SVG file of its own. */
    static final String CSS = css();

    private final List<String> peers;

    /** Peers in the order of the plan; all of Millrace share the first colour. */
    Palette(final List<String> peers) {
        this.peers = peers.stream().filter(peer -> !isOurs(peer)).toList();
    }

    static boolean isOurs(final String peer) {
        return peer.startsWith("millrace");
    }

    String classOf(final String peer) {
        if (isOurs(peer)) {
            return "c0";
        }
        final int index = peers.indexOf(peer);
        return "c" + (1 + Math.max(0, index) % (LIGHT.size() - 1));
    }

    String dashesOf(final String peer) {
        return DASHES.get(Integer.parseInt(classOf(peer).substring(1)));
    }

    private static String css() {
        final StringBuilder css = new StringBuilder(
                "text{font:11px system-ui,sans-serif;fill:#1c2733}"
                        + ".soft{fill:#5b6875}.strong{font-weight:600}.grid{stroke:#d5dbe1;stroke-width:1}"
                        + ".whisker{stroke:#1c2733;stroke-width:1.2}.line{fill:none;stroke-width:2}"
                        + ".small{font-size:10px;paint-order:stroke;stroke:var(--card,transparent);stroke-width:3px}.range{stroke-width:2.5;stroke-linecap:round;opacity:.55}");
        colours(css, LIGHT);
        marks(css, "#2f8f55", "#c8502f");
        css.append("@media (prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9aa7b4}.grid{stroke:#33404d}"
                + ".whisker{stroke:#e6edf3}");
        colours(css, DARK);
        marks(css, "#6fd394", "#ff9478");
        return css.append('}').toString();
    }

    /** Of targets, met and missed. */
    private static void marks(final StringBuilder css, final String met, final String missed) {
        css.append(".m-met{fill:").append(met).append("}.m-missed{fill:").append(missed);
        css.append("}.r-met{stroke:")
                .append(met)
                .append("}.r-missed{stroke:")
                .append(missed)
                .append('}');
    }

    private static void colours(final StringBuilder css, final List<String> colours) {
        for (int i = 0; i < colours.size(); i++) {
            css.append(".c")
                    .append(i)
                    .append("{fill:")
                    .append(colours.get(i))
                    .append("}.l")
                    .append(i);
            css.append("{stroke:").append(colours.get(i)).append('}');
        }
    }
}
