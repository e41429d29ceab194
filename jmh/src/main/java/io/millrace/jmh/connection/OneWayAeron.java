package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** {@link OneWay} of Aeron, bare and behind our API, which needs a flag. */
@Fork(value = 3, jvmArgsAppend = AeronLink.FLAG)
public class OneWayAeron extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-aeron-ipc",
        "baseline-aeron-ipc-best",
        "baseline-aeron-udp",
        "baseline-aeron-udp-best",
        "millrace-aeron-ipc",
        "millrace-aeron-udp"
    })
    public String peer;

    @Override
    protected Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
