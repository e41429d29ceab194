package io.millrace.ring;

/** Takes records from a {@link BroadcastReader}, and is told what it missed. On the reader's thread. */
public interface BroadcastHandler extends RecordHandler {
    /**
     * The writer overtook this reader: so much was overwritten before it was read. The next record handed over is the
     * one behind the gap. An exception goes to the caller of {@link BroadcastReader#read}; the gap counts as reported.
     *
     * @param records that were missed: at least 1.
     * @param bytes   of those records.
     */
    void onMissed(long records, long bytes);
}
