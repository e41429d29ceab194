package io.millrace.jmh.demo;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/** One sender's way through the input, round and round, with its sequence and running checksum. One thread. */
final class RecordSender {
    private final DemoInput input;
    private final int sender;
    private final ByteBuffer record = ByteBuffer.allocate(DemoRecord.HEADER_LENGTH + DemoInput.MAX_RECORD_LENGTH);
    private final CRC32C checksum = new CRC32C();
    private int index;
    private long sequence;
    private long bytes;

    /** Each of several senders begins elsewhere. */
    RecordSender(final DemoInput input, final int sender, final int senders) {
        this.input = input;
        this.sender = sender;
        index = (int) ((long) input.records() * sender / senders);
    }

    /** Sends the next record by a link that says whether it took it; false for the end, there is no second try. */
    boolean send(final Predicate<ByteBuffer> link) {
        DemoRecord.encode(record, sender, sequence, input.record(index), checksum);
        if (!link.test(record)) {
            return false;
        }
        sequence++;
        bytes += record.remaining();
        index = index + 1 == input.records() ? 0 : index + 1;
        return true;
    }

    /** Records that were taken. */
    long sent() {
        return sequence;
    }

    /** Bytes of those. */
    long sentBytes() {
        return bytes;
    }
}
