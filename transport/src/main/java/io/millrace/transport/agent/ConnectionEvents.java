package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.IdleKind;
import io.millrace.transport.ProtocolException;
import java.util.Optional;

/** What comes of a connection's timers. The connection's thread. */
final class ConnectionEvents extends CommonEvents {
    private final ConnectionParts parts;
    private final ConnectionEnding ending;

    ConnectionEvents(final ConnectionParts parts, final ConnectionEnding ending) {
        super(parts, ending);
        this.parts = parts;
        this.ending = ending;
    }

    @Override
    public void onPhaseOver() {
        switch (parts.lifecycle.phase()) {
            case CONNECTING -> connectIsOver();
            case HANDSHAKING -> onHandshakeOver();
            case OPEN, DRAINING -> ending.flushIsOver();
            default -> throw new IllegalStateException("no deadline in phase=" + parts.lifecycle.phase());
        }
    }

    private void onHandshakeOver() {
        if (parts.conversationPipe == null || !parts.conversationPipe.isOpening()) {
            ending.finish(
                    CloseReason.HANDSHAKE_TIMEOUT,
                    "TLS handshake not done in time: ns=" + parts.context.handshakeTimeoutNs(),
                    null);
            return;
        }
        final Optional<ProtocolException> refusal = parts.conversation.refusal();
        ending.finish(
                refusal.map(ProtocolException::reason).orElse(CloseReason.UPGRADE_TIMEOUT),
                refusal.map(Throwable::getMessage)
                        .orElse("opening handshake not done in time: ns=" + parts.context.handshakeTimeoutNs()),
                refusal.orElse(null));
    }

    @Override
    public void onHeartbeat() {
        if (!parts.outbound.sendHeartbeat(parts.framing.protocol())) {
            onIdle(IdleKind.READ);
        }
    }

    @Override
    public boolean onQuiet() {
        final boolean unread = !parts.receiver.rest();
        return parts.outbound.rest() && !unread;
    }
}
