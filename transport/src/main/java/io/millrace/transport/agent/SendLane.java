package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.Pieces;
import io.millrace.transport.MessageClaim;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/** The senders' side of a connection with a pipe: frames messages into its ring, and rings its doorbell. */
final class SendLane extends CommonLane {
    private final RingCell rings;
    private final Framing framing;

    /** Of the frames that go by this lane. */
    private final int form;

    SendLane(
            final RingCell rings,
            final Framing framing,
            final Doorbell doorbell,
            final CounterCells counters,
            final NanoClock clock,
            final boolean dropsNewest) {
        super(doorbell, counters, clock, dropsNewest);
        this.rings = rings;
        this.framing = framing;
        form = 0;
    }

    /** Another lane of the same connection, for frames of another form. */
    SendLane(final SendLane first, final int form) {
        super(first);
        rings = first.rings;
        framing = first.framing;
        this.form = form;
    }

    // ---- senders ----

    @Override
    long attempt(final ByteBuffer buffer, final int offset, final int length) {
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                return put(term, ring, claim, buffer, offset, length);
            }
            if (claim != Framing.SWITCHED) {
                return claim;
            }
        }
    }

    /** Offers by the right of who holds the framing. */
    long offerHeld(
            final Framing.Hold hold, final int byForm, final ByteBuffer buffer, final int offset, final int length) {
        final Framing.Term term = hold.term(byForm);
        while (true) {
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                return put(term, ring, claim, buffer, offset, length);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    private long put(
            final Framing.Term term,
            final ByteRing ring,
            final long claim,
            final ByteBuffer buffer,
            final int offset,
            final int length) {
        try {
            ring.buffer().put(framing.begin(term, ring, claim, length), buffer, offset, length);
        } catch (final RuntimeException | Error ex) {
            abort(term, ring, claim, length);
            throw ex;
        }
        return commit(term, ring, claim, length);
    }

    @Override
    long offer(final DirectBuffer buffer, final int offset, final int length) {
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                try {
                    buffer.getBytes(offset, ring.buffer(), framing.begin(term, ring, claim, length), length);
                } catch (final RuntimeException | Error ex) {
                    abort(term, ring, claim, length);
                    throw ex;
                }
                return commit(term, ring, claim, length);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    @Override
    long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        final int length = Pieces.length(pieces, offset, count);
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                try {
                    Pieces.copy(pieces, offset, count, ring.buffer(), framing.begin(term, ring, claim, length), length);
                } catch (final RuntimeException | Error ex) {
                    abort(term, ring, claim, length);
                    throw ex;
                }
                return commit(term, ring, claim, length);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    @Override
    long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaimBatch(term, ring, lengths, count);
            if (claim >= 0) {
                return putBatch(term, ring, claim, buffer, offset, lengths, count);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    /** Makes nothing visible before all of it is written: one bad message keeps the others back. */
    private long putBatch(
            final Framing.Term term,
            final ByteRing ring,
            final long first,
            final ByteBuffer buffer,
            final int offset,
            final int[] lengths,
            final int count) {
        try {
            long claim = first;
            int at = offset;
            for (int i = 0; i < count; i++) {
                ring.buffer().put(framing.begin(term, ring, claim, lengths[i]), buffer, at, lengths[i]);
                framing.complete(term, ring, claim, lengths[i]);
                claim = framing.next(term, ring, claim, lengths[i]);
                at += lengths[i];
            }
        } catch (final RuntimeException | Error ex) {
            framing.abortBatch(term, ring, first, lengths, count);
            doorbell.ring();
            throw ex;
        }
        long claim = first;
        long position = 0;
        for (int i = 0; i < count; i++) {
            final long next = framing.next(term, ring, claim, lengths[i]);
            position = framing.commitComplete(term, ring, claim, lengths[i]);
            claim = next;
        }
        doorbell.ring();
        return position;
    }

    @Override
    MessageClaim newClaim() {
        return new LaneClaim(this);
    }

    @Override
    long tryClaim(final int length, final MessageClaim into) {
        if (!(into instanceof LaneClaim claim)) {
            throw new IllegalArgumentException("not a claim of Connection.newClaim(): claim=" + into);
        }
        claim.checkMayOpen(this);
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long token = framing.tryClaim(term, ring, length);
            if (token >= 0) {
                return open(claim, term, ring, token, length);
            }
            if (token != Framing.SWITCHED) {
                return refused(token);
            }
        }
    }

    private long open(
            final LaneClaim claim, final Framing.Term term, final ByteRing ring, final long token, final int length) {
        try {
            claim.open(term, ring, token, framing.begin(term, ring, token, length), length);
            return 0;
        } catch (final RuntimeException | Error ex) {
            abort(term, ring, token, length);
            throw ex;
        }
    }

    long commit(final Framing.Term term, final ByteRing ring, final long claim, final int length) {
        try {
            return framing.commit(term, ring, claim, length);
        } finally {
            doorbell.ring();
        }
    }

    void abort(final Framing.Term term, final ByteRing ring, final long claim, final int length) {
        framing.abort(term, ring, claim, length);
        doorbell.ring();
    }

    @Override
    boolean close() {
        return rings.close();
    }

    @Override
    boolean isClosed() {
        return rings.isClosed();
    }

    RingCell rings() {
        return rings;
    }
}
