package io.millrace.transport.channel;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/**
 * One thread's way to send by a {@link MessageChannel}. Lengths and ranges are checked before, and a call never outlives its
 * channel: who closes the channel waits until the senders are out. Answers are positions or the negative codes of
 * {@link io.millrace.transport.Connection}. A call waits for nothing, neither for room nor for the peer, for the end of the
 * connection waits for it. One thread at a time; lock-free; nothing is allocated.
 */
public interface MessageSender {
    /**
     * Offers a message.
     *
     * @param buffer with the message; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind the message, or a negative code.
     */
    long offer(ByteBuffer buffer, int offset, int length);

    /**
     * Offers a message.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind the message, or a negative code.
     */
    long offer(DirectBuffer buffer, int offset, int length);

    /**
     * Offers several pieces as one message.
     *
     * @param pieces each from its position to its limit.
     * @param offset of the first piece in the array.
     * @param count  of pieces.
     * @param length of the message in bytes.
     * @return the position behind the message, or a negative code.
     */
    long offer(ByteBuffer[] pieces, int offset, int count, int length);

    /**
     * Offers several messages, of which all are taken, next to one another, or none.
     *
     * @param buffer  with the messages, one after the other.
     * @param offset  of the first message's first byte.
     * @param lengths of the messages in bytes.
     * @param count   of messages.
     * @return the position behind the last message, or a negative code.
     */
    long offerBatch(ByteBuffer buffer, int offset, int[] lengths, int count);

    /**
     * Claims room for one message, in the place from which it is sent.
     *
     * @param length in bytes.
     * @param claim  of {@link MessageChannel#newClaim()} to fill.
     * @return the position behind the message, or a negative code; {@code MESSAGE_TOO_LONG} also for what can't be sent in
     *     one piece.
     */
    long tryClaim(int length, ClaimedMessage claim);
}
