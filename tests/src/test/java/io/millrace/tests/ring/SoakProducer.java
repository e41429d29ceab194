package io.millrace.tests.ring;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.RingClaim;
import java.nio.ByteBuffer;
import java.util.Random;

/** Writes its stream by every kind of offer until the ring is closed; now and then aborts, at last may walk away. */
final class SoakProducer implements Runnable {
    private static final int MAX_BATCH = 4;

    private final ByteRing ring;
    private final Doorbell doorbell;
    private final SoakStream stream;
    private final Random random;
    private final long closeAfter;
    private final ByteBuffer scratch;
    private final int[] lengths = new int[MAX_BATCH];
    private final RingClaim claim = new RingClaim();

    /** Read by others once this thread has ended. */
    long accepted;

    long acceptedBytes;
    long aborted;
    long abandoned;

    SoakProducer(
            final ByteRing ring,
            final Doorbell doorbell,
            final SoakStream stream,
            final Random random,
            final long closeAfter) {
        this.ring = ring;
        this.doorbell = doorbell;
        this.stream = stream;
        this.random = random;
        this.closeAfter = closeAfter;
        scratch = ByteBuffer.allocate(ring.maxRecordLength() * MAX_BATCH);
    }

    @Override
    public void run() {
        long result = 0;
        while (result != ByteRing.CLOSED) {
            if (accepted >= closeAfter) {
                abandon();
                ring.close();
            }
            result = next();
            if (result > 0) {
                doorbell.ring();
            } else if (result != ByteRing.CLOSED) {
                Thread.yield();
            }
        }
        doorbell.ring();
    }

    /** A claim that nobody will ever commit. */
    private void abandon() {
        if (random.nextBoolean() && ring.tryClaim(1 + random.nextInt(ring.maxRecordLength())) >= 0) {
            abandoned++;
        }
    }

    private long next() {
        final int length = stream.length(accepted);
        return switch (random.nextInt(8)) {
            case 0 -> offer(length, 0);
            case 1 -> offer(length, 3 * ring.maxRecordLength());
            case 2 -> offerPieces(length);
            case 3 -> offerBatch();
            case 4 -> abort(length);
            case 5 -> commit(length);
            default -> commitToken(length);
        };
    }

    private long offer(final int length, final int offset) {
        stream.put(accepted, scratch, offset);
        final long result =
                offset == 0 ? ring.offer(scratch.duplicate().limit(length)) : ring.offer(scratch, offset, length);
        return accept(result, 1, length);
    }

    private long commitToken(final int length) {
        final long token = ring.tryClaim(length);
        if (token < 0) {
            return token;
        }
        stream.put(accepted, ring.buffer(), ring.offset(token));
        return accept(ring.commit(token, length), 1, length);
    }

    private long offerPieces(final int length) {
        stream.put(accepted, scratch, 0);
        final int cut = random.nextInt(length + 1);
        final ByteBuffer[] pieces = {
            scratch.duplicate().limit(cut), scratch.duplicate().position(cut).limit(length)
        };
        return accept(ring.offer(pieces, 0, 2), 1, length);
    }

    private long offerBatch() {
        final int count = 1 + random.nextInt(MAX_BATCH);
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            lengths[i] = stream.length(accepted + i);
            stream.put(accepted + i, scratch, bytes);
            bytes += lengths[i];
        }
        return accept(ring.offerBatch(scratch, 0, lengths, count), count, bytes);
    }

    private long abort(final int length) {
        final long result = ring.tryClaim(length, claim);
        if (result > 0) {
            claim.abort();
            aborted++;
        }
        return result;
    }

    private long commit(final int length) {
        final long result = ring.tryClaim(length, claim);
        if (result > 0) {
            stream.put(accepted, claim.buffer(), claim.offset());
            claim.commit();
        }
        return accept(result, 1, length);
    }

    private long accept(final long result, final int records, final int bytes) {
        if (result > 0) {
            accepted += records;
            acceptedBytes += bytes;
        }
        return result;
    }
}
