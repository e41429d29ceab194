package io.millrace.transport.agent;

import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import java.nio.ByteBuffer;

/**
 * A claim of a {@link Reconnection}: while it is open it is one connection's, and stays so. The connection's own claim is
 * made anew when there is another connection. One thread.
 */
final class GenerationClaim implements MessageClaim {
    private final Reconnection reconnection;

    /** Null before the first claim. */
    private Connection connection;

    private MessageClaim claim;
    private boolean open;

    GenerationClaim(final Reconnection reconnection) {
        this.reconnection = reconnection;
    }

    void checkMayOpen(final Reconnection by) {
        if (reconnection != by) {
            throw new IllegalArgumentException("the claim was made by another connection");
        }
        if (open) {
            throw new IllegalStateException("claim is neither committed nor aborted: length=" + claim.length());
        }
    }

    long open(final Connection by, final int length) {
        if (connection != by) {
            claim = by.newClaim();
            connection = by;
        }
        final long result = by.tryClaim(length, claim);
        open = result >= 0;
        return result;
    }

    private MessageClaim openClaim() {
        if (!open) {
            throw new IllegalStateException("claim is not open: never claimed, committed or aborted before");
        }
        return claim;
    }

    @Override
    public ByteBuffer buffer() {
        return openClaim().buffer();
    }

    @Override
    public int offset() {
        return openClaim().offset();
    }

    @Override
    public int length() {
        return openClaim().length();
    }

    @Override
    public long commit() {
        final MessageClaim claimed = openClaim();
        open = false;
        return claimed.commit();
    }

    @Override
    public void abort() {
        final MessageClaim claimed = openClaim();
        open = false;
        claimed.abort();
    }
}
