package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.Pieces;
import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageChannel;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/** The senders' side of a connection whose engine carries messages: offers them right to the engine, through the gate. */
final class MessageLane extends CommonLane {
    private final SenderGate gate;
    private final MessageChannel channel;
    private final int maxMessageLength;

    MessageLane(
            final SenderGate gate,
            final MessageChannel channel,
            final Doorbell doorbell,
            final CounterCells counters,
            final NanoClock clock,
            final int maxMessageLength,
            final boolean dropsNewest) {
        super(doorbell, counters, clock, dropsNewest);
        this.gate = gate;
        this.channel = channel;
        this.maxMessageLength = maxMessageLength;
    }

    @Override
    long attempt(final ByteBuffer buffer, final int offset, final int length) {
        if (!isAllowed(length)) {
            return Connection.MESSAGE_TOO_LONG;
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offer(buffer, offset, length);
            return result;
        } finally {
            leave(slot, result, 1, length);
        }
    }

    @Override
    long offer(final DirectBuffer buffer, final int offset, final int length) {
        if (!isAllowed(length)) {
            return refused(Connection.MESSAGE_TOO_LONG);
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offer(buffer, offset, length);
        } finally {
            leave(slot, result, 1, length);
        }
        return result >= 0 ? result : refused(result);
    }

    @Override
    long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        final int length = Pieces.length(pieces, offset, count);
        if (!isAllowed(length)) {
            return refused(Connection.MESSAGE_TOO_LONG);
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offer(pieces, offset, count, length);
        } finally {
            leave(slot, result, 1, length);
        }
        return result >= 0 ? result : refused(result);
    }

    @Override
    long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        long length = 0;
        for (int i = 0; i < count; i++) {
            if (!isAllowed(lengths[i])) {
                return refused(Connection.MESSAGE_TOO_LONG);
            }
            length += lengths[i];
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offerBatch(buffer, offset, lengths, count);
        } finally {
            leave(slot, result, count, length);
        }
        return result >= 0 ? result : refused(result);
    }

    private static void leave(final SenderSlot slot, final long result, final long messages, final long length) {
        if (result >= 0) {
            slot.leave(messages, length);
        } else {
            slot.leave();
        }
    }

    private boolean isAllowed(final int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a message has at least one byte: length=" + length);
        }
        return length <= maxMessageLength;
    }

    private long notOpen() {
        return gate.isClosed() ? Connection.CLOSED : Connection.NOT_CONNECTED;
    }

    @Override
    MessageClaim newClaim() {
        return new GateClaim(this, gate);
    }

    ClaimedMessage newRoom() {
        return channel.newClaim();
    }

    @Override
    long tryClaim(final int length, final MessageClaim into) {
        if (!(into instanceof GateClaim claim)) {
            throw new IllegalArgumentException("not a claim of Connection.newClaim(): claim=" + into);
        }
        claim.checkMayOpen(this);
        if (!isAllowed(length)) {
            return refused(Connection.MESSAGE_TOO_LONG);
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        final long result;
        try {
            result = slot.sender().tryClaim(length, claim.room());
            if (result >= 0) {
                claim.open(slot, length, result);
            }
        } finally {
            slot.leave();
        }
        return result >= 0 ? 0 : refused(result);
    }

    @Override
    boolean close() {
        return gate.close();
    }

    @Override
    boolean isClosed() {
        return gate.isClosed();
    }
}
