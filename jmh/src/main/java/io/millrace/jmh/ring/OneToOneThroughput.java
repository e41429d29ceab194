package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Param;

/** {@link Throughput} of queues that take one producer. */
public class OneToOneThroughput extends Throughput {
    /** Who carries the records. */
    @Param({"millrace-one", "millrace-one-heap", "disruptor-one"})
    public String peer;

    /** Threads that offer. */
    @Param({"1"})
    public int producers;

    @Override
    String peerName() {
        return peer;
    }

    @Override
    int producerCount() {
        return producers;
    }
}
