package io.millrace.jmh.ring;

import org.openjdk.jmh.annotations.Param;

/**
 * {@link Throughput} of queues that take many producers.
 *
 * <p>JDK 17, two cores, 3 forks of 3 iterations, million records/s at 1 / 2 / 4 producers; each row is one run:
 *
 * <table>
 * <caption>Our ring, Agrona's, and our own with marks in line</caption>
 * <tr><th>bytes</th><th>millrace</th><th>agrona</th><th>inline</th><th>millrace over agrona</th></tr>
 * <tr><td>32</td><td>12.1 / 15.2 / 12.9</td><td>12.8 / 15.0 / 12.8</td><td>16.7 / 19.9 / 20.1</td>
 * <td>0.95 / 1.02 / 1.01</td></tr>
 * <tr><td>100</td><td>11.3 / 12.4 / 12.0</td><td>14.4 / 12.8 / 12.0</td><td>35.5 / 36.5 / 34.5</td>
 * <td>0.79 / 0.97 / 1.00</td></tr>
 * <tr><td>1,000</td><td>6.6 / 7.2 / 7.0</td><td>7.5 / 8.6 / 7.4</td><td>7.3 / 7.9 / 7.2</td>
 * <td>0.88 / 0.83 / 0.95</td></tr>
 * <tr><td>16,000</td><td>1.78 / 1.87 / 1.72</td><td>0.55 / 0.70 / 0.67</td><td>0.72 / 0.69 / 0.72</td>
 * <td>3.2 / 2.7 / 2.6</td></tr>
 * </table>
 *
 * <p>What bounds it up to 1,000 bytes is not the copying (16,000 bytes go at 28 GB/s) but that the consumer keeps up: it
 * looks for a mark before the mark is written, so that every record costs the line a trip to the consumer's core and back. A
 * consumer that stays away for 40 spins after an empty read makes it 19.6 and 20.4 at 32 bytes, 24.7 and 20.3 at 100, 11.8
 * and 12.0 at 1,000 (one fork, 1 and 2 producers), and Agrona's 28.4 and 21.9, 26.5 and 24.2, 9.4 and 9.1; a connection's
 * thread stays away by itself, for it writes to a socket between two looks.
 *
 * <p>Over the locked peers at 4 producers, same kind of run: at 32 / 100 / 1,000 bytes 3.1 / 3.1 / 1.9 times the
 * {@code synchronized} ring, 1.3 / 1.4 / 3.3 times {@code ArrayBlockingQueue}, 1.1 / 1.5 / 1.7 times JCTools' queue and 2.3 /
 * 1.4 / 2.0 times Disruptor. On two cores at most one other thread ever runs beside the holder of the lock.
 * At 16,000 bytes the {@code synchronized} ring (1.23 million/s) and Disruptor (1.31) are level with ours (1.30).
 *
 * <p>Tried: neighbouring marks on lines of their own, 8 or 16 apart (kept with 8: from 0.7 to 0.9 of Agrona to the above);
 * a consumer that falls behind by itself after two short reads, by 10, 20 or 40 spins (no gain beyond the spread).
 */
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
