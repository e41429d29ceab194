package io.millrace.jmh.load;

import io.millrace.jmh.connection.Link;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** The receiving half in this JVM: a sink for each connection, and what they have in common. One thread, but for what says otherwise. */
final class Sinks implements ServerEnd {
    private final Queue<Sink> sinks = new ConcurrentLinkedQueue<>();
    private final int length;
    private final Latencies latencies;
    private final Consumer<Throwable> onFailure;
    private volatile Schedule schedule;

    /** Messages of a length; a failure is told on the thread that met it. */
    Sinks(final int connections, final int length, final Consumer<Throwable> onFailure) {
        this.length = length;
        this.onFailure = onFailure;
        latencies = new Latencies(connections);
    }

    /** One more connection's. Any thread. */
    Link.Receiver open() {
        final Sink sink = new Sink(this, length);
        sinks.add(sink);
        return sink;
    }

    /** Any thread. */
    Schedule schedule() {
        return schedule;
    }

    /** Any thread. */
    Latencies latencies() {
        return latencies;
    }

    /** Any thread. */
    void fail(final Throwable cause) {
        onFailure.accept(cause);
    }

    /** What each connection has received. */
    long[] counts(final int connections) {
        final long[] counts = new long[connections];
        for (final Sink sink : sinks) {
            final long count = sink.count();
            if (count > 0) {
                counts[sink.connection()] = count;
            }
        }
        return counts;
    }

    @Override
    public void begin(final Schedule next) {
        schedule = next;
        latencies.take();
    }

    @Override
    public Histogram take() {
        return latencies.take();
    }

    @Override
    public long received() {
        return sinks.stream().mapToLong(Sink::count).sum();
    }

    @Override
    public Usage usage() {
        return Usage.NONE;
    }

    @Override
    public void close() {}
}
