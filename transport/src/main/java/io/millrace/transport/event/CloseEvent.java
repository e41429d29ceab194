package io.millrace.transport.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection ended, or never came to be. */
@Name("io.millrace.ConnectionClose")
@Label("Connection Close")
@Description("A connection ended, or never came to be")
@Category("Millrace")
@StackTrace(false)
final class CloseEvent extends Event {
    @Label("Connection id")
    long connectionId;

    @Label("Remote address")
    String remoteAddress;

    @Label("Reason")
    String reason;

    @Label("Detail")
    String detail;

    @Label("Messages accepted")
    long accepted;

    @Label("Messages flushed")
    long flushed;

    @Label("Messages undelivered")
    long undelivered;

    @Label("Messages in")
    long messagesIn;

    @DataAmount
    @Label("Bytes in")
    long bytesIn;

    @Label("Messages out")
    long messagesOut;

    @DataAmount
    @Label("Bytes out")
    long bytesOut;
}
