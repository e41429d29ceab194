package io.millrace.jmh.demo;

import io.millrace.transport.TlsInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Streams the input over one link: four senders as fast as the link takes it, and a pinger at a fixed rate whose round
 * trips count from the moment they were due. Rates are measured behind a warm-up; loss and corruption over everything.
 */
final class StreamRun {
    static final int SENDERS = 4;

    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long PING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_ROUND_TRIP_NS = TimeUnit.SECONDS.toNanos(60);

    /**
     * What a run found.
     *
     * @param tls        what TLS agreed on, if there is TLS.
     * @param sent       records and pings that the link accepted.
     * @param sentBytes  of those records.
     * @param received   records and echoes.
     * @param receivedBytes of those records.
     * @param lost       records or pings accepted and not received.
     * @param corrupted  records whose checksum did not fit.
     * @param seconds    that rates were measured for.
     * @param records    received in that time.
     * @param bytes      of those.
     * @param roundTrips in nanoseconds, behind the warm-up.
     */
    record Result(
            Optional<TlsInfo> tls,
            long sent,
            long sentBytes,
            long received,
            long receivedBytes,
            long lost,
            long corrupted,
            double seconds,
            long records,
            long bytes,
            Histogram roundTrips) {
        double recordsPerSecond() {
            return records / seconds;
        }

        double megabytesPerSecond() {
            return bytes / seconds / 1e6;
        }
    }

    private final DemoInput input;
    private final AtomicBoolean interrupted;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final RecordReceiver receiver = new RecordReceiver(SENDERS);
    private final SingleWriterRecorder roundTrips = new SingleWriterRecorder(LONGEST_ROUND_TRIP_NS, 3);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong pings = new AtomicLong();
    private final AtomicLong echoes = new AtomicLong();

    StreamRun(final DemoInput input, final AtomicBoolean interrupted) {
        this.input = input;
        this.interrupted = interrupted;
    }

    Result run(final Link.Factory factory, final long durationNs, final Progress progress) throws Exception {
        final List<Thread> threads = new ArrayList<>();
        final Optional<TlsInfo> tls;
        final Measurement measurement;
        try (Link link = factory.open(receiver, this::onEcho)) {
            tls = link.tls();
            for (int i = 0; i < SENDERS; i++) {
                final int sender = i;
                threads.add(new Thread(() -> sendRecords(link, sender), "demo-sender-" + i));
            }
            threads.add(new Thread(() -> sendPings(link), "demo-pinger"));
            threads.forEach(Thread::start);
            measurement = measure(durationNs, progress);
            running.set(false);
            for (final Thread thread : threads) {
                thread.join();
            }
            awaitEchoes();
        }
        final long accepted = sent.get() + pings.get();
        final long received = receiver.records() + echoes.get();
        return new Result(
                tls,
                accepted,
                sentBytes.get(),
                received,
                receiver.bytes(),
                Math.max(receiver.missing(), accepted - received),
                receiver.corrupted(),
                measurement.ns / 1e9,
                measurement.records,
                measurement.bytes,
                roundTrips.getIntervalHistogram());
    }

    private record Measurement(long ns, long records, long bytes) {}

    private Measurement measure(final long durationNs, final Progress progress) {
        final long start = System.nanoTime();
        tick(start, start + WARM_UP_NS, progress, "warming up");
        roundTrips.reset();
        final long from = System.nanoTime();
        final long records = receiver.records();
        final long bytes = receiver.bytes();
        tick(from, from + durationNs, progress, "");
        return new Measurement(
                Math.max(1, System.nanoTime() - from), receiver.records() - records, receiver.bytes() - bytes);
    }

    private void tick(final long startNs, final long endNs, final Progress progress, final String remark) {
        final long before = receiver.records();
        for (long now = startNs; now - endNs < 0 && !interrupted.get(); now = System.nanoTime()) {
            LockSupport.parkNanos(Math.min(TICK_NS, endNs - now));
            final long elapsedNs = Math.max(1, System.nanoTime() - startNs);
            progress.show(
                    elapsedNs,
                    receiver.records(),
                    receiver.bytes(),
                    (receiver.records() - before) * 1e9 / elapsedNs,
                    remark);
        }
    }

    private void sendRecords(final Link link, final int sender) {
        final RecordSender records = new RecordSender(input, sender, SENDERS);
        boolean open = true;
        while (open && running.get()) {
            open = records.send(link::send);
        }
        sent.addAndGet(records.sent());
        sentBytes.addAndGet(records.sentBytes());
    }

    private void sendPings(final Link link) {
        final ByteBuffer ping = ByteBuffer.allocate(DemoRecord.HEADER_LENGTH);
        long due = System.nanoTime();
        boolean open = true;
        while (open && running.get()) {
            final long early = due - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
                continue;
            }
            DemoRecord.encodePing(ping, due);
            open = link.send(ping);
            if (open) {
                pings.incrementAndGet();
                due += PING_INTERVAL_NS;
            }
        }
    }

    private void onEcho(final long scheduledNs) {
        roundTrips.recordValue(Math.min(LONGEST_ROUND_TRIP_NS, System.nanoTime() - scheduledNs));
        echoes.incrementAndGet();
    }

    private void awaitEchoes() {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (echoes.get() < pings.get() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
