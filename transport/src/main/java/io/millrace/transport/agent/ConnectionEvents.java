package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.IdleKind;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.SlowConsumerPolicy;
import java.util.Optional;

/** What comes of a connection's timers. The connection's thread. */
final class ConnectionEvents implements Timers.Events {
    private final ConnectionParts parts;
    private final ConnectionEnding ending;

    ConnectionEvents(final ConnectionParts parts, final ConnectionEnding ending) {
        this.parts = parts;
        this.ending = ending;
    }

    @Override
    public void onPhaseOver() {
        switch (parts.lifecycle.phase()) {
            case CONNECTING ->
                ending.finish(
                        CloseReason.CONNECT_TIMEOUT,
                        "not connected in time: ns=" + parts.context.connectTimeoutNs(),
                        null);
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
    public void onGiveUp(final CloseReason reason, final String detail) {
        ending.finish(reason, detail, null);
    }

    @Override
    public void onIdle(final IdleKind kind) {
        parts.cells.add(CounterCells.IDLE, 1);
        parts.callbacks.idle(kind);
    }

    @Override
    public void onHeartbeat() {
        if (!parts.outbound.sendHeartbeat(parts.framing.protocol())) {
            onIdle(IdleKind.READ);
        }
    }

    @Override
    public void onSlowConsumer() {
        parts.cells.add(CounterCells.SLOW_CONSUMER, 1);
        parts.record.slowConsumer(parts.context.slowConsumerTimeoutNs());
        parts.callbacks.slowConsumer();
        if (parts.context.slowConsumerPolicy() == SlowConsumerPolicy.DISCONNECT) {
            ending.finish(
                    CloseReason.SLOW_CONSUMER,
                    "the peer did not take in time what is sent: ns=" + parts.context.slowConsumerTimeoutNs(),
                    null);
        }
    }

    @Override
    public boolean onQuiet() {
        final boolean unread = !parts.receiver.rest();
        return parts.outbound.rest() && !unread;
    }
}
