package io.millrace.transport.aeron;

import io.aeron.logbuffer.BufferClaim;
import io.millrace.transport.channel.ClaimedMessage;
import java.nio.ByteBuffer;

/** Room in a publication's log, from which the message is sent as it lies. */
final class AeronClaim implements ClaimedMessage {
    final BufferClaim claim = new BufferClaim();
    private final Views views = new Views();

    @Override
    public ByteBuffer buffer() {
        return views.of(claim.buffer());
    }

    @Override
    public int offset() {
        return Views.index(claim.buffer(), claim.offset());
    }

    @Override
    public void commit() {
        claim.commit();
    }

    @Override
    public void abort() {
        claim.abort();
    }

    @Override
    public void release() {
        views.empty();
    }
}
