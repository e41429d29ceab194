package io.millrace.jmh.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/** Makes samples of counts, and keeps those of the last minute. One thread samples; any thread reads the minute. */
final class LiveSampler {
    private final int kept;
    private final Deque<Histogram> histograms = new ArrayDeque<>();
    private final AtomicReference<List<LiveSample>> minute = new AtomicReference<>(List.of());
    private LiveCounts before;
    private long sequence;

    /**
     * Begins with what was counted already.
     *
     * @param start that the first sample is compared with.
     * @param kept  how many samples are a minute.
     */
    LiveSampler(final LiveCounts start, final int kept) {
        before = start;
        this.kept = kept;
    }

    /** The round trips are those since the sample before; the caller gives the histogram away. */
    LiveSample sample(final LiveCounts now, final Histogram roundTrips) {
        if (histograms.size() == kept) {
            histograms.removeFirst();
        }
        histograms.addLast(roundTrips);
        final Histogram ofMinute = new Histogram(roundTrips);
        histograms.forEach(ofMinute::add);
        final long opened = now.opened() - before.opened();
        final LiveSample sample = new LiveSample(
                ++sequence,
                now,
                Math.max(1, now.timeNs() - before.timeNs()) / 1e9,
                now.messages() - before.messages(),
                now.bytes() - before.bytes(),
                now.backPressured() - before.backPressured(),
                opened,
                // The two are counted one after the other.
                Math.min(opened, now.resumed() - before.resumed()),
                RoundTripTimes.of(roundTrips),
                RoundTripTimes.of(ofMinute));
        before = now;
        keep(sample);
        return sample;
    }

    private void keep(final LiveSample sample) {
        final List<LiveSample> older = minute.get();
        final List<LiveSample> newer = new ArrayList<>(older.subList(older.size() == kept ? 1 : 0, older.size()));
        newer.add(sample);
        minute.set(List.copyOf(newer));
    }

    /** The samples of the last minute, oldest first: an immutable list. Wait-free. */
    List<LiveSample> minute() {
        return minute.get();
    }
}
