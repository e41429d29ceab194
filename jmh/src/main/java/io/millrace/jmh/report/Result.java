package io.millrace.jmh.report;

import java.util.Map;
import java.util.Optional;

/**
 * What came of a {@link Plan.Row}.
 *
 * @param row     that was asked for.
 * @param ours    our side, if it was measured.
 * @param theirs  the other, likewise.
 * @param ratio   of both, if both were.
 * @param verdict whether the target was met.
 * @param remark  what else must be known; empty if nothing.
 */
record Result(
        Plan.Row row,
        Optional<Series> ours,
        Optional<Series> theirs,
        Optional<Ratio> ratio,
        Verdict verdict,
        String remark) {
    /** Of a target. */
    enum Verdict {
        /** The whole interval is beyond it. */
        MET("met"),
        /** The quotient is beyond it, its interval is not. */
        LIKELY("met, within the spread"),
        /** The quotient falls short, its interval does not. */
        UNLIKELY("missed, within the spread"),
        /** The whole interval falls short. */
        MISSED("missed"),
        /** There is no target. */
        SHOWN("no target"),
        /** A side is missing. */
        ABSENT("not measured");

        private final String words;

        Verdict(final String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        boolean isMet() {
            return this == MET || this == LIKELY;
        }

        boolean isMissed() {
            return this == MISSED || this == UNLIKELY;
        }
    }

    static Result of(final Plan.Row row, final RawFolder raw) {
        final Map<String, String> ourParams = Plan.joined(row.params(), row.ours());
        final Map<String, String> theirParams = Plan.joined(row.params(), row.theirs());
        final Optional<Series> ours = raw.one(row.benchmark(), ourParams, row.metric());
        final Optional<Series> theirs = raw.one(row.benchmark(), theirParams, row.metric());
        final Optional<Ratio> ratio = ours.flatMap(mine -> theirs.map(other ->
                row.inverse() ? Ratio.of(other.rounds(), mine.rounds()) : Ratio.of(mine.rounds(), other.rounds())));
        return new Result(
                row,
                ours,
                theirs,
                ratio,
                ratio.map(quotient -> verdict(row, quotient)).orElse(Verdict.ABSENT),
                notHeld(raw, row, ourParams, "Millrace") + notHeld(raw, row, theirParams, row.against()));
    }

    private static String notHeld(
            final RawFolder raw, final Plan.Row row, final Map<String, String> params, final String name) {
        return raw.one(row.benchmark(), params, "held")
                .filter(held -> held.least() < 1)
                .map(held -> "The rate was not held by " + name + ", whose latencies would have been longer still. ")
                .orElse("");
    }

    static Verdict verdict(final Plan.Row row, final Ratio ratio) {
        if (row.atLeast() != null) {
            return verdict(ratio.value() >= row.atLeast(), ratio.low() >= row.atLeast(), ratio.high() < row.atLeast());
        }
        if (row.atMost() != null) {
            return verdict(ratio.value() <= row.atMost(), ratio.high() <= row.atMost(), ratio.low() > row.atMost());
        }
        return Verdict.SHOWN;
    }

    private static Verdict verdict(final boolean beyond, final boolean surely, final boolean surelyNot) {
        if (beyond) {
            return surely ? Verdict.MET : Verdict.LIKELY;
        }
        return surelyNot ? Verdict.MISSED : Verdict.UNLIKELY;
    }
}
