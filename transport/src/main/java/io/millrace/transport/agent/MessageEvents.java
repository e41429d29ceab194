package io.millrace.transport.agent;

import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleKind;

/** What comes of the timers of a connection of messages. The connection's thread. */
final class MessageEvents extends CommonEvents {
    private final MessageParts parts;
    private final MessageEnding ending;

    MessageEvents(final MessageParts parts, final MessageEnding ending) {
        super(parts, ending);
        this.parts = parts;
        this.ending = ending;
    }

    @Override
    public void onPhaseOver() {
        if (parts.lifecycle.phase() == ConnectionPhase.CONNECTING) {
            connectIsOver();
        } else {
            ending.isOver();
        }
    }

    /** An engine has heartbeats of its own, which say that the peer's engine lives. Whether the peer does, its answer says. */
    @Override
    public void onHeartbeat() {
        onIdle(IdleKind.READ);
    }

    @Override
    public boolean onQuiet() {
        return parts.receiver.rest();
    }
}
