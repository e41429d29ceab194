package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.IdleKind;
import io.millrace.transport.SlowConsumerPolicy;

/** What comes of the timers of a connection of either kind. The connection's thread. */
abstract class CommonEvents implements Timers.Events {
    private final CommonParts parts;
    private final CommonEnding ending;

    CommonEvents(final CommonParts parts, final CommonEnding ending) {
        this.parts = parts;
        this.ending = ending;
    }

    final void connectIsOver() {
        ending.finish(
                CloseReason.CONNECT_TIMEOUT, "not connected in time: ns=" + parts.context.connectTimeoutNs(), null);
    }

    @Override
    public final void onGiveUp(final CloseReason reason, final String detail) {
        ending.giveUp(reason, detail);
    }

    @Override
    public final void onIdle(final IdleKind kind) {
        parts.cells.add(CounterCells.IDLE, 1);
        parts.callbacks().idle(kind);
    }

    @Override
    public final void onSlowConsumer() {
        parts.cells.add(CounterCells.SLOW_CONSUMER, 1);
        parts.record.slowConsumer(parts.context.slowConsumerTimeoutNs());
        parts.callbacks().slowConsumer();
        if (parts.context.slowConsumerPolicy() == SlowConsumerPolicy.DISCONNECT) {
            onGiveUp(
                    CloseReason.SLOW_CONSUMER,
                    "the peer did not take in time what is sent: ns=" + parts.context.slowConsumerTimeoutNs());
        }
    }
}
