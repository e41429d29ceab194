package io.millrace.jmh.demo;

import java.util.Locale;

/**
 * What the page is told several times a second: rates since the sample before, and sums since the start.
 *
 * @param sequence        of the sample in its run.
 * @param counts          the sums.
 * @param seconds         since the sample before.
 * @param messages        received in that time.
 * @param bytes           of those.
 * @param backPressured   offers in that time that found a ring full.
 * @param opened          connections that became ready in that time.
 * @param resumed         of those, the ones that resumed a TLS session.
 * @param roundTrips      of that time.
 * @param roundTripMinute of the last minute.
 */
record LiveSample(
        long sequence,
        LiveCounts counts,
        double seconds,
        long messages,
        long bytes,
        long backPressured,
        long opened,
        long resumed,
        RoundTripTimes roundTrips,
        RoundTripTimes roundTripMinute) {
    /** As a JSON object: RFC 8259. Rates are per second, round trips in nanoseconds, null where there is none. */
    String toJson() {
        return "{\"type\":\"sample\",\"sequence\":" + sequence
                + ",\"timeMs\":" + counts.timeMs()
                + ",\"flatOut\":" + counts.flatOut()
                + ",\"messageRate\":" + perSecond(messages)
                + ",\"byteRate\":" + perSecond(bytes)
                + ",\"backPressureRate\":" + perSecond(backPressured)
                + ",\"fullRate\":" + perSecond(opened - resumed)
                + ",\"resumedRate\":" + perSecond(resumed)
                + ",\"connections\":" + counts.connections()
                + ",\"roundTrip\":" + json(roundTrips)
                + ",\"roundTripMinute\":" + json(roundTripMinute)
                + ",\"total\":{\"messages\":" + counts.messages()
                + ",\"bytes\":" + counts.bytes()
                + ",\"backPressured\":" + counts.backPressured()
                + ",\"opened\":" + counts.opened()
                + ",\"resumed\":" + counts.resumed()
                + ",\"missing\":" + counts.missing()
                + ",\"corrupted\":" + counts.corrupted()
                + ",\"missed\":" + counts.missed()
                + "},\"viewers\":" + counts.viewers() + "}";
    }

    private String perSecond(final long count) {
        return String.format(Locale.ROOT, "%.1f", count / seconds);
    }

    private static String json(final RoundTripTimes times) {
        return times.count() == 0
                ? "null"
                : "{\"count\":" + times.count() + ",\"p50\":" + times.p50() + ",\"p99\":" + times.p99() + ",\"p999\":"
                        + times.p999() + ",\"max\":" + times.max() + "}";
    }
}
