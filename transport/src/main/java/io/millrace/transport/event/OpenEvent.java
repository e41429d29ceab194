package io.millrace.transport.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection became ready to use. */
@Name("io.millrace.ConnectionOpen")
@Label("Connection Open")
@Description("A connection became ready to use")
@Category("Millrace")
@StackTrace(false)
final class OpenEvent extends Event {
    @Label("Connection id")
    long connectionId;

    @Label("Local address")
    String localAddress;

    @Label("Remote address")
    String remoteAddress;
}
