package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.Parker;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.event.FlightRecord;
import org.agrona.concurrent.NanoClock;

/** What connections of either kind are made of: those with a pipe of bytes, and those with an engine that carries messages. */
abstract class CommonParts {
    final ConnectionContext context;
    final TransportCounters counters;
    final GuardedParker parker;
    final Doorbell doorbell;
    final FlightRecord record;
    final Timers timers;
    final DrivingThread thread = new DrivingThread();
    final Lifecycle lifecycle = new Lifecycle();
    final Requests requests = new Requests();
    final CounterCells cells = new CounterCells();

    CommonParts(
            final long id,
            final NanoClock clock,
            final ConnectionContext context,
            final TransportCounters counters,
            final Parker channel) {
        this.context = context;
        this.counters = counters;
        parker = new GuardedParker(channel);
        doorbell = new Doorbell(parker);
        record = new FlightRecord(id);
        timers = new Timers(clock, context, cells);
    }

    abstract ConnectionFace connection();

    abstract Callbacks callbacks();

    /** All counters, also those that senders keep. */
    abstract ConnectionCounters allCounters();

    /** No message comes any more: tells the puller. Idempotent. */
    abstract void noMoreMessages();

    /** Lets blocked senders look again. */
    abstract void wakeSenders();
}
