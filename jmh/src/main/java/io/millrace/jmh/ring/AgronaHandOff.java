package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** {@link HandOff} of Agrona, which needs a flag. */
@Fork(value = 3, jvmArgsAppend = AgronaPeer.FLAG)
public class AgronaHandOff extends HandOffHarness {
    /** Who carries the records. */
    @Param({"agrona", "agrona-one"})
    public String peer;

    @Override
    String peerName() {
        return peer;
    }
}
