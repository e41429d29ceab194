package io.millrace.transport.agent;

import io.millrace.transport.ConnectionCounters;

/** The counters of one connection of messages: what goes out is counted by its senders, each for itself. */
record MessageCounters(CounterCells cells, SenderGate gate) implements ConnectionCounters {
    @Override
    public long messagesIn() {
        return cells.messagesIn();
    }

    @Override
    public long bytesIn() {
        return cells.bytesIn();
    }

    @Override
    public long messagesOut() {
        return gate.accepted();
    }

    @Override
    public long bytesOut() {
        return gate.bytes();
    }

    @Override
    public long backPressured() {
        return cells.backPressured();
    }

    @Override
    public long dropped() {
        return cells.dropped();
    }

    @Override
    public long tooLong() {
        return cells.tooLong();
    }

    @Override
    public long slowConsumer() {
        return cells.slowConsumer();
    }

    @Override
    public long idle() {
        return cells.idle();
    }

    @Override
    public long heartbeats() {
        return cells.heartbeats();
    }

    @Override
    public String toString() {
        return "messagesIn=" + messagesIn() + " messagesOut=" + messagesOut();
    }
}
