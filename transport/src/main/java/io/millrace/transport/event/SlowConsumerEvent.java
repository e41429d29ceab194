package io.millrace.transport.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A peer kept senders waiting for too long. */
@Name("io.millrace.SlowConsumer")
@Label("Slow Consumer")
@Description("A peer kept senders waiting for too long")
@Category("Millrace")
@StackTrace(false)
final class SlowConsumerEvent extends Event {
    @Label("Connection id")
    long connectionId;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Waited")
    long waited;
}
