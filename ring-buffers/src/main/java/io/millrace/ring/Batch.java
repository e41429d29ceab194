package io.millrace.ring;

import java.nio.ByteBuffer;
import java.util.Objects;

/** Several records under one claim. */
final class Batch {
    private Batch() {}

    /** Bytes of the records in all; {@link Long#MAX_VALUE} if one is too long. */
    static long lengthOf(final int[] lengths, final int count, final int maxRecordLength) {
        Objects.checkFromIndexSize(0, RingDescriptor.checkLength(count), lengths.length);
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (RingDescriptor.checkLength(lengths[i]) > maxRecordLength) {
                return Long.MAX_VALUE;
            }
            bytes += lengths[i];
        }
        return bytes;
    }

    /** Copies and commits record by record; if a copy throws, gives up the record and those behind it. */
    static void copy(
            final ByteRing ring,
            final long first,
            final ByteBuffer source,
            final int offset,
            final int[] lengths,
            final int count) {
        long claim = first;
        int at = offset;
        int i = 0;
        try {
            for (; i < count; i++) {
                ring.buffer().put(ring.offset(claim), source, at, lengths[i]);
                ring.commit(claim, lengths[i]);
                claim = ring.next(claim, lengths[i]);
                at += lengths[i];
            }
        } catch (final RuntimeException | Error ex) {
            for (; i < count; i++) {
                ring.abort(claim, lengths[i]);
                claim = ring.next(claim, lengths[i]);
            }
            throw ex;
        }
    }
}
