package io.millrace.transport.aeron;

import io.aeron.Image;
import io.aeron.ImageControlledFragmentAssembler;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import org.agrona.DirectBuffer;

/**
 * Reads the messages of one log: puts together those that were sent in pieces, and takes batches apart. Who writes to
 * it may be none of ours: what is malformed ends the connection, and what is kept has a bound. One thread.
 */
final class LogReader {
    /** Told of what the peer says beside its messages. */
    @FunctionalInterface
    interface StateHandler {
        /** See {@link Wire#STATE}. */
        Action onState(int flags, long taken);
    }

    private final int maxMessageLength;
    private final StateHandler states;
    private final Views views = new Views();
    private final ControlledFragmentHandler assembler = new ImageControlledFragmentAssembler(this::onMessage);
    private final ControlledFragmentHandler fragments = this::onFragment;

    /** Of the call that goes on. */
    private Protocol.MessageSink sink;

    private int handedOver;
    private boolean held;
    private RuntimeException failure;

    /** Of the message that comes in pieces, as far as it has come. */
    private long piecesLength;

    /** Where to go on in a batch that is taken in pieces. */
    private int batchAt;

    private long taken;
    private boolean over;

    LogReader(final int maxMessageLength, final StateHandler states) {
        this.maxMessageLength = maxMessageLength;
        this.states = states;
    }

    /** Hands messages over; answers how many. */
    int poll(final Image image, final Protocol.MessageSink to, final int limit) {
        sink = to;
        handedOver = 0;
        held = false;
        image.controlledPoll(fragments, limit);
        if (failure != null) {
            final RuntimeException thrown = failure;
            failure = null;
            throw thrown;
        }
        return handedOver;
    }

    /** Whether the sink wanted no more in the last call. */
    boolean isHeld() {
        return held;
    }

    /** Messages that were handed over, ever. */
    long taken() {
        return taken;
    }

    /** Messages that come from here on are passed over. */
    void noMore() {
        over = true;
    }

    /** What was given away of the log is empty from here on, for it will be unmapped. */
    void release() {
        views.release();
    }

    /** Pieces are counted before they are put together, for a peer that is none of ours may go on until its term is full. */
    private Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        final byte flags = header.flags();
        if ((flags & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED) {
            return onMessage(buffer, offset, length, header);
        }
        final long before = (flags & FrameDescriptor.BEGIN_FRAG_FLAG) == 0 ? piecesLength : 0;
        final int longest =
                header.reservedValue() == Wire.BATCH ? FrameDescriptor.MAX_MESSAGE_LENGTH : maxMessageLength;
        if (before + length > longest) {
            failure = tooLong(before + length);
            return Action.BREAK;
        }
        final Action action = assembler.onFragment(buffer, offset, length, header);
        piecesLength = action == Action.ABORT ? before : before + length;
        return action;
    }

    /** What it throws would be lost in Aeron. */
    private Action onMessage(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        try {
            final long kind = header.reservedValue();
            if (kind == Wire.STATE) {
                if (length < Wire.STATE_LENGTH) {
                    throw new ProtocolException(
                            CloseReason.BAD_LENGTH,
                            "the word of what was taken is too short: length=" + length + " want=" + Wire.STATE_LENGTH);
                }
                return states.onState(Wire.stateFlags(buffer, offset), Wire.stateTaken(buffer, offset));
            }
            if (over || kind == Wire.WELCOME) {
                return Action.CONTINUE;
            }
            if (kind == Wire.BATCH) {
                return onBatch(buffer, offset, length);
            }
            return handOver(buffer, offset, length) ? Action.CONTINUE : Action.BREAK;
        } catch (final RuntimeException ex) {
            failure = ex;
            return Action.BREAK;
        }
    }

    private boolean handOver(final DirectBuffer buffer, final int offset, final int length) {
        if (length > maxMessageLength) {
            throw tooLong(length);
        }
        taken++;
        handedOver++;
        held = !sink.onMessage(views.of(buffer), Views.index(buffer, offset), length);
        return !held;
    }

    private ProtocolException tooLong(final long length) {
        return new ProtocolException(
                CloseReason.MESSAGE_TOO_LONG,
                CloseReason.MESSAGE_TOO_LONG.text() + ": length=" + length + " maxMessageLength=" + maxMessageLength);
    }

    /** A sink that wants no more for now is given the rest of the batch when it asks again: until then the batch stays. */
    private Action onBatch(final DirectBuffer buffer, final int offset, final int length) {
        int at = batchAt;
        boolean more = true;
        while (at < length && more) {
            final int message = length - at < Wire.LENGTH_LENGTH ? -1 : buffer.getInt(offset + at);
            if (message < 0 || message > length - at - Wire.LENGTH_LENGTH) {
                throw new ProtocolException(
                        CloseReason.BAD_LENGTH, "a batch is broken: length=" + message + " at=" + at + " of=" + length);
            }
            more = handOver(buffer, offset + at + Wire.LENGTH_LENGTH, message);
            at += Wire.LENGTH_LENGTH + message;
        }
        if (at < length) {
            batchAt = at;
            return Action.ABORT;
        }
        batchAt = 0;
        return more ? Action.CONTINUE : Action.BREAK;
    }
}
