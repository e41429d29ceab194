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
 * <tr><td>32</td><td>10.9 / 14.9 / 13.6</td><td>10.1 / 14.1 / 12.5</td><td>15.4 / 20.1 / 18.4</td>
 * <td>1.09 / 1.06 / 1.09</td></tr>
 * <tr><td>100</td><td>11.4 / 13.5 / 12.9</td><td>11.8 / 12.1 / 11.7</td><td>39.8 / 37.4 / 29.8</td>
 * <td>0.97 / 1.12 / 1.10</td></tr>
 * <tr><td>1,000</td><td>7.4 / 6.6 / 6.4</td><td>8.6 / 8.1 / 8.9</td><td>7.6 / 7.6 / 7.3</td>
 * <td>0.86 / 0.81 / 0.72</td></tr>
 * <tr><td>16,000</td><td>1.78 / 1.87 / 1.72</td><td>0.55 / 0.70 / 0.67</td><td>0.72 / 0.69 / 0.72</td>
 * <td>3.2 / 2.7 / 2.6</td></tr>
 * </table>
 *
 * <p>These runs held no lock on the machine: others were asked not to build meanwhile, which was not checked.
 *
 * <p>What seems to bound it, which no profile has shown, up to 1,000 bytes is not the copying (16,000 bytes go at 28 GB/s, and without a second thread {@link
 * BurstCost} offers and reads 1,000 bytes in 50 ns) but that the consumer keeps up: it looks for a mark before the mark is
 * written, so that every record costs the line a trip to the consumer's core and back. With the
 * payload on the heap it is 9.7 and 9.4 at 1,000 bytes (1 and 4 producers, one fork); why was not found out. A consumer that stays away for 20 spins whenever it has read less than it could
 * makes it 9.0 and 9.0, heap 9.0 and 10.0, Agrona 8.7 and 9.3; a connection's thread stays away by itself, for it writes to
 * a socket between two looks.
 *
 * <p>Over the locked peers at 4 producers, in the same run: at 32 / 100 / 1,000 bytes 3.2 / 3.2 / 2.3 times the {@code
 * synchronized} ring, which locks per record or per batch alike, and 1.2 / 1.4 / 3.2 times {@code ArrayBlockingQueue}; in an
 * earlier one 1.1 / 1.5 / 1.7 times JCTools' queue and 2.3 / 1.4 / 2.0 times Disruptor. On two cores at most one other thread
 * ever runs beside the holder of the lock. At 16,000 bytes the {@code synchronized} ring (1.23 million/s) and Disruptor
 * (1.31) are level with ours (1.30).
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
