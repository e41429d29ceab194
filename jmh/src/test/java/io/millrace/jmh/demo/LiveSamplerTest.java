package io.millrace.jmh.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Rates, percentiles and the JSON of the live page's feed, from counters that are made up. */
class LiveSamplerTest {
    private static final int KEPT = 4;

    private final LiveSampler sampler = new LiveSampler(counts(0, 0, 0, 0, 0), KEPT);

    private static LiveCounts counts(
            final long ms, final long messages, final long backPressured, final long opened, final long resumed) {
        return new LiveCounts(
                TimeUnit.MILLISECONDS.toNanos(ms),
                1_000_000 + ms,
                ms >= 1_000,
                messages,
                messages * 100,
                backPressured,
                7,
                opened,
                resumed,
                3,
                2,
                5,
                1);
    }

    private static Histogram histogram(final long... valuesNs) {
        final Histogram histogram = new Histogram(TimeUnit.SECONDS.toNanos(60), 2);
        LongStream.of(valuesNs).forEach(histogram::recordValue);
        return histogram;
    }

    private static JsonObject json(final LiveSample sample) {
        return JsonParser.parseString(sample.toJson()).getAsJsonObject();
    }

    /** The histogram has two digits. */
    private static void assertNear(final long expected, final long actual, final long tolerance) {
        assertTrue(Math.abs(expected - actual) <= tolerance, actual + " instead of " + expected);
    }

    @Test
    void shouldTellRatesPerSecondAndSumsSinceTheStart() {
        final JsonObject first = json(sampler.sample(counts(250, 1_000, 0, 2, 0), histogram()));
        final JsonObject second = json(sampler.sample(counts(750, 1_600, 30, 12, 9), histogram()));

        assertEquals(1, first.get("sequence").getAsLong());
        assertEquals(4_000, first.get("messageRate").getAsDouble());
        assertEquals(2, second.get("sequence").getAsLong());
        assertEquals(1_000_750, second.get("timeMs").getAsLong());
        assertEquals(1_200, second.get("messageRate").getAsDouble());
        assertEquals(120_000, second.get("byteRate").getAsDouble());
        assertEquals(60, second.get("backPressureRate").getAsDouble());
        assertEquals(18, second.get("resumedRate").getAsDouble());
        assertEquals(2, second.get("fullRate").getAsDouble());
        assertEquals(7, second.get("connections").getAsInt());
        assertEquals(5, second.get("viewers").getAsInt());
        final JsonObject total = second.getAsJsonObject("total");
        assertEquals(1_600, total.get("messages").getAsLong());
        assertEquals(160_000, total.get("bytes").getAsLong());
        assertEquals(30, total.get("backPressured").getAsLong());
        assertEquals(12, total.get("opened").getAsLong());
        assertEquals(9, total.get("resumed").getAsLong());
        assertEquals(3, total.get("missing").getAsLong());
        assertEquals(2, total.get("corrupted").getAsLong());
        assertEquals(1, total.get("missed").getAsLong());
    }

    @Test
    void shouldTellWhenTheSendersGoFlatOut() {
        assertEquals(
                "false",
                json(sampler.sample(counts(750, 0, 0, 0, 0), histogram()))
                        .get("flatOut")
                        .toString());
        assertEquals(
                "true",
                json(sampler.sample(counts(1_000, 0, 0, 0, 0), histogram()))
                        .get("flatOut")
                        .toString());
    }

    @Test
    void shouldTellPercentilesOfTheSampleAndOfTheMinute() {
        final long[] ordinary =
                LongStream.rangeClosed(1, 100).map(i -> i * 1_000).toArray();
        sampler.sample(counts(250, 0, 0, 0, 0), histogram(5_000_000));
        final JsonObject sample = json(sampler.sample(counts(500, 0, 0, 0, 0), histogram(ordinary)));
        final JsonObject now = sample.getAsJsonObject("roundTrip");
        final JsonObject minute = sample.getAsJsonObject("roundTripMinute");

        assertEquals(100, now.get("count").getAsLong());
        assertNear(50_000, now.get("p50").getAsLong(), 1_000);
        assertNear(99_000, now.get("p99").getAsLong(), 1_000);
        assertNear(100_000, now.get("max").getAsLong(), 1_000);
        assertEquals(101, minute.get("count").getAsLong());
        assertNear(5_000_000, minute.get("max").getAsLong(), 50_000);
    }

    @Test
    void shouldForgetRoundTripsThatAreOlderThanAMinute() {
        sampler.sample(counts(0, 0, 0, 0, 0), histogram(5_000_000));
        for (int i = 1; i < KEPT; i++) {
            assertNear(
                    5_000_000,
                    sampler.sample(counts(i * 250L, 0, 0, 0, 0), histogram(1_000))
                            .roundTripMinute()
                            .max(),
                    50_000);
        }
        final LiveSample after = sampler.sample(counts(2_000, 0, 0, 0, 0), histogram(1_000));

        assertEquals(KEPT, after.roundTripMinute().count());
        assertNear(1_000, after.roundTripMinute().max(), 10);
    }

    @Test
    void shouldTellThatThereIsNoRoundTripRatherThanThatItTookNoTime() {
        final JsonObject sample = json(sampler.sample(counts(250, 0, 0, 0, 0), histogram()));

        assertTrue(sample.get("roundTrip").isJsonNull());
        assertTrue(sample.get("roundTripMinute").isJsonNull());
    }

    @Test
    void shouldKeepTheSamplesOfAMinuteOldestFirst() {
        for (int i = 0; i < KEPT + 2; i++) {
            sampler.sample(counts(i * 250L, i, 0, 0, 0), histogram());
        }

        assertEquals(
                LongStream.rangeClosed(3, KEPT + 2).boxed().toList(),
                sampler.minute().stream().map(LiveSample::sequence).toList());
    }

    @Test
    void shouldBeShorterThanTheBroadcastTakesWhateverIsCounted() {
        final long most = Long.MAX_VALUE / 200;
        final LiveSample sample =
                sampler.sample(counts(1, most, most, most, most / 2), histogram(TimeUnit.SECONDS.toNanos(60)));

        assertTrue(sample.toJson().length() < LivePage.MAX_SAMPLE_LENGTH, sample.toJson());
        json(sample);
    }

    @Test
    void shouldQuoteWhateverTextThereIs() {
        final String text = "a \"quote\", a \\ and a \n\u0001";

        assertEquals(text, JsonParser.parseString(LiveDemo.quoted(text)).getAsString());
    }
}
