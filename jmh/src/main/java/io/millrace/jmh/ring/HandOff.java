package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Param;

/** {@link HandOffHarness} of all queues but Agrona. */
public class HandOff extends HandOffHarness {
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
