package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** {@link BurstCost} of Agrona, which needs a flag. */
@Fork(value = 3, jvmArgsAppend = AgronaPeer.FLAG)
public class AgronaBurstCost extends BurstHarness {
    /** Who carries the records. */
    @Param({"agrona", "agrona-one"})
    public String peer;

    @Override
    String peerName() {
        return peer;
    }
}
