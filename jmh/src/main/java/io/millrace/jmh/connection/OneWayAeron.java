package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/** {@link OneWay} of Aeron, which needs a flag: bare, behind our API, and beside them our own TCP. */
@Fork(value = 3, jvmArgsAppend = AeronLink.FLAG)
public class OneWayAeron extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-aeron-ipc",
        "baseline-aeron-ipc-best",
        "baseline-aeron-udp",
        "baseline-aeron-udp-best",
        "millrace",
        "millrace-aeron-ipc",
        "millrace-aeron-ipc-best",
        "millrace-aeron-udp",
        "millrace-aeron-udp-best"
    })
    public String peer;

    @Override
    protected Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
