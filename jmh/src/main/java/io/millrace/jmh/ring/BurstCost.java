package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Param;

/** {@link BurstHarness} of all queues but Agrona. */
public class BurstCost extends BurstHarness {
    /** Who carries the records. */
    @Param({
        "millrace",
        "millrace-one",
        "inline",
        "jctools",
        "jctools-varhandle",
        "disruptor",
        "disruptor-one",
        "blocking-queue",
        "synchronized",
        "synchronized-batch"
    })
    public String peer;

    @Override
    String peerName() {
        return peer;
    }
}
