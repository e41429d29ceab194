package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** {@link ManyToOneThroughput} of Agrona, which needs a flag. */
@Fork(value = 3, jvmArgsAppend = AgronaPeer.FLAG)
public class AgronaManyToOneThroughput extends Throughput {
    /** Who carries the records. */
    @Param({"agrona"})
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
