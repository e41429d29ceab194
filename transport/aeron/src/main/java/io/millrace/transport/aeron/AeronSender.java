package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.aeron.logbuffer.BufferClaim;
import io.millrace.ring.Pieces;
import io.millrace.transport.Connection;
import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageSender;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One thread's way into a publication. Aeron's codes have the values of {@link Connection}'s, and are passed on. While a term
 * is being rotated Aeron wants an offer made again, which is done here some times: the rotation is a few steps of one sender.
 */
final class AeronSender implements MessageSender {
    private static final int SPINS = 50;
    private static final int TRIES = 200;

    private final ConcurrentPublication publication;
    private final int maxPayloadLength;
    private final int maxMessageLength;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final BufferClaim claim = new BufferClaim();
    private final Views views = new Views();

    /** For what has to be put together before it is offered; no longer than the longest message. */
    private UnsafeBuffer scratch;

    AeronSender(final ConcurrentPublication publication) {
        this.publication = publication;
        maxPayloadLength = publication.maxPayloadLength();
        maxMessageLength = publication.maxMessageLength();
    }

    @Override
    public long offer(final ByteBuffer buffer, final int offset, final int length) {
        if (length > maxMessageLength) {
            return Connection.MESSAGE_TOO_LONG;
        }
        if (length > maxPayloadLength) {
            view.wrap(buffer, offset, length);
            return offer(view, length);
        }
        final long result = claim(length, claim);
        if (result > 0) {
            try {
                claim.buffer().putBytes(claim.offset(), buffer, offset, length);
            } catch (final RuntimeException | Error ex) {
                claim.abort();
                throw ex;
            }
            claim.commit();
        }
        return result;
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        if (length > maxMessageLength) {
            return Connection.MESSAGE_TOO_LONG;
        }
        if (length > maxPayloadLength) {
            final UnsafeBuffer whole = scratch(length);
            buffer.getBytes(offset, whole.byteBuffer(), 0, length);
            return offer(whole, length);
        }
        final long result = claim(length, claim);
        if (result > 0) {
            try {
                // Whoever's buffer it is, this it can do.
                final MutableDirectBuffer room = claim.buffer();
                buffer.getBytes(offset, views.of(room), Views.index(room, claim.offset()), length);
            } catch (final RuntimeException | Error ex) {
                claim.abort();
                throw ex;
            }
            claim.commit();
        }
        return result;
    }

    /** In fragments. */
    private long offer(final UnsafeBuffer whole, final int length) {
        long result = publication.offer(whole, 0, length, null);
        for (int i = 0; i < TRIES && result == Connection.ADMIN_ACTION; i++) {
            pause(i);
            result = publication.offer(whole, 0, length, null);
        }
        return result;
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void pause(final int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @Override
    public long offer(final ByteBuffer[] pieces, final int offset, final int count, final int length) {
        if (length > maxMessageLength) {
            return Connection.MESSAGE_TOO_LONG;
        }
        if (length <= maxPayloadLength) {
            final long result = claim(length, claim);
            if (result > 0) {
                try {
                    final MutableDirectBuffer room = claim.buffer();
                    Pieces.copy(pieces, offset, count, views.of(room), Views.index(room, claim.offset()), length);
                } catch (final RuntimeException | Error ex) {
                    claim.abort();
                    throw ex;
                }
                claim.commit();
            }
            return result;
        }
        final UnsafeBuffer whole = scratch(length);
        Pieces.copy(pieces, offset, count, whole.byteBuffer(), 0, length);
        return offer(whole, length);
    }

    @Override
    public long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        long length = 0;
        for (int i = 0; i < count; i++) {
            length += Wire.LENGTH_LENGTH + lengths[i];
        }
        if (length > maxMessageLength) {
            return Connection.MESSAGE_TOO_LONG;
        }
        final UnsafeBuffer whole = scratch((int) length);
        int at = 0;
        int from = offset;
        for (int i = 0; i < count; i++) {
            whole.putInt(at, lengths[i]);
            whole.putBytes(at + Wire.LENGTH_LENGTH, buffer, from, lengths[i]);
            at += Wire.LENGTH_LENGTH + lengths[i];
            from += lengths[i];
        }
        long result = publication.offer(whole, 0, (int) length, Wire.BATCH_VALUE);
        for (int i = 0; i < TRIES && result == Connection.ADMIN_ACTION; i++) {
            pause(i);
            result = publication.offer(whole, 0, (int) length, Wire.BATCH_VALUE);
        }
        return result;
    }

    private UnsafeBuffer scratch(final int length) {
        if (scratch == null || scratch.capacity() < length) {
            scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * Integer.highestOneBit(Math.max(1, length - 1))));
        }
        return scratch;
    }

    @Override
    public long tryClaim(final int length, final ClaimedMessage into) {
        return length > maxPayloadLength ? Connection.MESSAGE_TOO_LONG : claim(length, ((AeronClaim) into).claim);
    }

    private long claim(final int length, final BufferClaim into) {
        long result = publication.tryClaim(length, into);
        for (int i = 0; i < TRIES && result == Connection.ADMIN_ACTION; i++) {
            pause(i);
            result = publication.tryClaim(length, into);
        }
        return result;
    }
}
