package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * {@link OneWay} of Aeron, which needs a flag: bare, behind our API, and beside them our own TCP.
 *
 * <p>JDK 17, 100 bytes, million messages/s with 1 / 2 / 4 senders, three forks, nothing else running (raw in {@code jmh/results}):
 *
 * <table>
 * <caption>One way</caption>
 * <tr><th>design</th><th>bare</th><th>ours</th><th>ratio</th></tr>
 * <tr><td>shared memory, backing off</td><td>22.0 / 17.7 / 16.0</td><td>18.0 / 12.7 / 12.2</td><td>0.82 / 0.72 / 0.77</td></tr>
 * <tr><td>shared memory, yielding</td><td>20.5 / 15.6 / 15.3</td><td>13.1 / 12.1 / 11.5</td><td>0.64 / 0.78 / 0.75</td></tr>
 * <tr><td>UDP, yielding</td><td>3.73 / 3.95 / 4.26</td><td>3.92 / 3.78 / 3.91</td><td>1.05 / 0.96 / 0.92</td></tr>
 * </table>
 *
 * <p>Yielding has two modes: now and then the driver and the client's idle thread hand one core to each other 230,000 times a second, and
 * sender and receiver share the other: 11 instead of 19 with one sender. Bare Aeron knows that mode, too (14 instead of 21). In the
 * better one ours has 0.9, by two runs of each.
 *
 * <p>CPU a message, backing off, one sender: sender 49 ns against 38, receiver 42 against 34; two senders 82 against 60 to 66. On one thread
 * without anybody else an offer takes 39 ns, without our gate 34, bare 28. It was 46 before a sender looked at the slot that was given last
 * before the table (with yielding threads 17 instead of 12 million/s). No gain beyond the spread: the gate without its fence (19.2
 * and 18.9 backing off), without the counts, the look at the state behind Aeron's claim, Aeron's retries in a method of their own; for the receiver
 * one view remembered apart and the count of what was taken once a poll (19.3 and 19.6; with
 * two senders 13.2 and 14.0, of which each moves by 1.5).
 */
@Fork(value = 3, jvmArgsAppend = AeronLink.FLAG)
public class OneWayAeron extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-aeron-ipc",
        "baseline-aeron-ipc-best",
        "baseline-aeron-ipc-backoff",
        "baseline-aeron-udp",
        "baseline-aeron-udp-best",
        "millrace",
        "millrace-aeron-ipc",
        "millrace-aeron-ipc-best",
        "millrace-aeron-ipc-backoff",
        "millrace-aeron-udp",
        "millrace-aeron-udp-best"
    })
    public String peer;

    @Override
    protected Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
