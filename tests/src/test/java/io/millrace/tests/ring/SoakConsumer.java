package io.millrace.tests.ring;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.SpinBudget;
import java.nio.ByteBuffer;
import java.util.Random;

/** Reads record by record or region by region, and checks every byte. Sleeps without a bound: a lost wake-up hangs it. */
final class SoakConsumer {
    private final ByteRing ring;
    private final SoakStream[] streams;
    private final Random random;
    private final AdaptiveIdleStrategy idle;
    final long[] read;
    long readBytes;

    SoakConsumer(final ByteRing ring, final Doorbell doorbell, final SoakStream[] streams, final Random random) {
        this.ring = ring;
        this.streams = streams;
        this.random = random;
        read = new long[streams.length];
        idle = new AdaptiveIdleStrategy(
                random.nextInt(20), random.nextInt(20), SpinBudget.shared(), doorbell, this::mayParkNs);
    }

    /** Until the ring is closed; an open claim may still be in the way then. */
    void run() {
        while (!ring.isClosed()) {
            idle.idle(work());
        }
        idle.reset();
    }

    /** What is left, once all producers have ended: what is not committed now never will be. */
    void drain() {
        while (!ring.isEmpty()) {
            if (work() == 0) {
                ring.unblock();
            }
        }
    }

    private long mayParkNs() {
        if (ring.isClosed()) {
            return 0;
        }
        return ring.isEmpty() ? Long.MAX_VALUE : 100_000;
    }

    private int work() {
        if (random.nextBoolean()) {
            return ring.read(this::check, 1 + random.nextInt(64));
        }
        final ByteBuffer region = ring.peek(1 + random.nextInt(ring.capacity()));
        int bytes = region.remaining();
        int offset = region.position();
        while (offset < region.limit()) {
            offset += checkNext(region, offset, region.limit() - offset);
        }
        final int work = bytes;
        while (bytes > 0) {
            final int part = 1 + random.nextInt(bytes);
            ring.release(part);
            bytes -= part;
        }
        return work;
    }

    private void check(final ByteBuffer buffer, final int offset, final int length) {
        final int expected = checkNext(buffer, offset, length);
        if (expected != length) {
            throw new AssertionError("wrong length: expected=" + expected + " length=" + length);
        }
    }

    private int checkNext(final ByteBuffer buffer, final int offset, final int available) {
        final int producer = SoakStream.producerOf(buffer.get(offset));
        if (producer >= streams.length) {
            throw new AssertionError("no such producer: producer=" + producer);
        }
        final long number = read[producer];
        final String difference = streams[producer].difference(number, buffer, offset, available);
        if (difference != null) {
            throw new AssertionError(difference);
        }
        read[producer]++;
        final int length = streams[producer].length(number);
        readBytes += length;
        return length;
    }
}
