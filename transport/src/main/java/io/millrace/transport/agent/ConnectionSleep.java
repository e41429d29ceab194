package io.millrace.transport.agent;

import io.millrace.transport.ConnectionPhase;
import java.util.function.LongSupplier;

/** How long a connection's thread may sleep. The connection's thread. */
final class ConnectionSleep implements LongSupplier {
    /** How long to sleep at most while a claim is not committed: its sender need not ring. */
    private static final long UNCOMMITTED_PARK_NS = 100_000;

    private final ConnectionParts parts;

    ConnectionSleep(final ConnectionParts parts) {
        this.parts = parts;
    }

    /** Asked by the doorbell when senders can already see the sleeper. */
    @Override
    public long getAsLong() {
        final ConnectionPhase phase = parts.lifecycle.phase();
        if (phase == ConnectionPhase.CLOSED
                || parts.requests.abortReason() != null
                || (parts.requests.isClosing() && phase != ConnectionPhase.DRAINING)
                || (phase == ConnectionPhase.OPEN && needsTurn())) {
            return 0;
        }
        parts.receiver.beforeSleep();
        // Behind close_notify the end of the channel's stream may lie unread: it must not wake anybody.
        final boolean reads = !parts.receiver.isSkipped() || phase != ConnectionPhase.OPEN;
        parts.channel.wantRead(reads && !parts.receiver.isEnded() && !parts.pipe.isHeldUp());
        final boolean waitsForSender = parts.outbound.isWaitingForSender() && !parts.channel.isWriteBlocked();
        return Math.min(parts.timers.leftNs(), waitsForSender ? UNCOMMITTED_PARK_NS : Long.MAX_VALUE);
    }

    private boolean needsTurn() {
        final RingCell rings = parts.rings;
        final boolean outputEnds = rings.isClosed() && !parts.outbound.isEnded() && rings.isEmpty();
        return parts.flow.needsTurn()
                || (parts.conversation != null && parts.conversation.needsTurn())
                || parts.receiver.isResumed()
                || (!parts.receiver.isSkipped() && !parts.receiver.isEnded() && parts.pipe.owesAnswer())
                || (parts.timers.isAuthenticating() && parts.requests.isAuthenticated())
                || (outputEnds && !parts.channel.isWriteBlocked());
    }
}
