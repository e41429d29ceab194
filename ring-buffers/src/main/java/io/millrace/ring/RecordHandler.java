package io.millrace.ring;

import java.nio.ByteBuffer;

/** Takes records from a ring, one call each, on the consumer's thread. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * Takes one record. The bytes are valid during the call only. An exception goes to the caller of
     * {@link ByteRing#read}; the record counts as read.
     *
     * @param buffer the ring's payload area; its position and limit mean nothing, and must stay as they are.
     * @param offset where the record begins, in bytes.
     * @param length of the record, in bytes.
     */
    void onRecord(ByteBuffer buffer, int offset, int length);
}
