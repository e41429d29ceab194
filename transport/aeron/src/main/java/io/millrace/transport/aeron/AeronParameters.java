package io.millrace.transport.aeron;

import java.util.Map;
import java.util.Set;
import org.agrona.SystemUtil;

/**
 * What values parameters may have that are passed on: Aeron takes what it does not know for false, or for nothing, or says so
 * without the name, or only in its log.
 */
final class AeronParameters {
    private static final Set<String> TRUTHS = Set.of("true", "false");

    private static final Map<String, Set<String>> WORDS = Map.of(
            "eos", TRUTHS,
            "reliable", TRUTHS,
            "rejoin", TRUTHS,
            "sparse", TRUTHS,
            "tether", TRUTHS,
            "group", Set.of("true", "false", "infer"),
            "control-mode", Set.of("dynamic"));

    private static final Set<String> SIZES = Set.of("rcv-wnd", "so-rcvbuf", "so-sndbuf");

    private static final Set<String> TIMES = Set.of(
            "linger",
            "nak-delay",
            "untethered-linger-timeout",
            "untethered-resting-timeout",
            "untethered-window-limit-timeout");

    private record Range(int least, int most) {
        String fault() {
            return "want " + least + " to " + most;
        }
    }

    private static final Map<String, Range> NUMBERS = Map.of("ttl", new Range(0, 255), "max-resend", new Range(1, 256));

    private AeronParameters() {}

    /** Says what is wrong with a value, and what would be right; null for nothing. */
    static String fault(final String name, final String value) {
        final Set<String> words = WORDS.get(name);
        if (words != null) {
            return words.contains(value)
                    ? null
                    : "want " + String.join(" or ", words.stream().sorted().toList());
        }
        final Range range = NUMBERS.get(name);
        try {
            if (range != null) {
                final int number = Integer.parseInt(value);
                return number >= range.least && number <= range.most ? null : range.fault();
            }
            if (SIZES.contains(name)) {
                return SystemUtil.parseSize(name, value) <= Integer.MAX_VALUE ? null : "want less than 2g";
            }
            if (TIMES.contains(name)) {
                SystemUtil.parseDuration(name, value);
            }
            return null;
        } catch (final NumberFormatException ex) {
            if (range != null) {
                return range.fault();
            }
            return SIZES.contains(name) ? "want bytes, or such as 64k or 1m" : "want a time, such as 5s or 200us";
        }
    }
}
