package io.millrace.jmh.ring;

import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import io.millrace.ring.OneToOneByteRing;
import java.util.concurrent.ArrayBlockingQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/** Makes peers by name, all for about as many bytes. */
final class Peers {
    static final int CAPACITY = 1 << 20;
    private static final int MIN_ENTRIES = 64;

    private Peers() {}

    static Peer of(final String name, final int length) {
        final int entries = Integer.highestOneBit(Math.max(MIN_ENTRIES, CAPACITY / length));
        return switch (name) {
            case "millrace" -> new MillracePeer(new ManyToOneByteRing(CAPACITY, length, Memory.DIRECT));
            case "millrace-heap" -> new MillracePeer(new ManyToOneByteRing(CAPACITY, length, Memory.HEAP));
            case "millrace-one" -> new MillracePeer(new OneToOneByteRing(CAPACITY, length, Memory.DIRECT));
            case "millrace-one-heap" -> new MillracePeer(new OneToOneByteRing(CAPACITY, length, Memory.HEAP));
            case "inline" -> new InlineRing(CAPACITY);
            case "agrona" -> AgronaPeer.of(true, CAPACITY);
            case "agrona-one" -> AgronaPeer.of(false, CAPACITY);
            case "jctools" -> new QueuePeer(new MpscArrayQueue<>(entries));
            case "jctools-varhandle" -> new QueuePeer(new MpscVarHandleArrayQueue<>(entries));
            case "disruptor" -> new DisruptorPeer(true, entries, length);
            case "disruptor-one" -> new DisruptorPeer(false, entries, length);
            case "blocking-queue" -> new QueuePeer(new ArrayBlockingQueue<>(entries));
            case "synchronized" -> new SynchronizedRing(CAPACITY, length, false);
            case "synchronized-batch" -> new SynchronizedRing(CAPACITY, length, true);
            default -> throw new IllegalArgumentException("no such peer: " + name);
        };
    }
}
