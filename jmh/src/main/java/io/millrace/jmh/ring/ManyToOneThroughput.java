package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Param;

/** {@link Throughput} of queues that take many producers. */
public class ManyToOneThroughput extends Throughput {
    /** Who carries the records. */
    @Param({
        "millrace",
        "millrace-heap",
        "inline",
        "jctools",
        "jctools-varhandle",
        "disruptor",
        "blocking-queue",
        "synchronized",
        "synchronized-batch"
    })
    public String peer;

    /** Threads that offer. */
    @Param({"1", "2", "4"})
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
