package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleKind;
import io.millrace.transport.SlowConsumerPolicy;

/** What comes of the timers of a connection of messages. The connection's thread. */
final class MessageEvents implements Timers.Events {
    private final MessageParts parts;
    private final MessageEnding ending;

    MessageEvents(final MessageParts parts, final MessageEnding ending) {
        this.parts = parts;
        this.ending = ending;
    }

    @Override
    public void onPhaseOver() {
        if (parts.lifecycle.phase() == ConnectionPhase.CONNECTING) {
            ending.finish(
                    CloseReason.CONNECT_TIMEOUT, "not connected in time: ns=" + parts.context.connectTimeoutNs(), null);
        } else {
            ending.isOver();
        }
    }

    @Override
    public void onGiveUp(final CloseReason reason, final String detail) {
        ending.cutOff(reason, detail, null);
    }

    @Override
    public void onIdle(final IdleKind kind) {
        parts.cells.add(CounterCells.IDLE, 1);
        parts.callbacks.idle(kind);
    }

    /** An engine has heartbeats of its own, which say that the peer's engine lives. Whether the peer does, its answer says. */
    @Override
    public void onHeartbeat() {
        onIdle(IdleKind.READ);
    }

    @Override
    public void onSlowConsumer() {
        parts.cells.add(CounterCells.SLOW_CONSUMER, 1);
        parts.record.slowConsumer(parts.context.slowConsumerTimeoutNs());
        parts.callbacks.slowConsumer();
        if (parts.context.slowConsumerPolicy() == SlowConsumerPolicy.DISCONNECT) {
            ending.cutOff(
                    CloseReason.SLOW_CONSUMER,
                    "the peer did not take in time what is sent: ns=" + parts.context.slowConsumerTimeoutNs(),
                    null);
        }
    }

    @Override
    public boolean onQuiet() {
        return parts.receiver.rest();
    }
}
