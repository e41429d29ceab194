package io.millrace.transport.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Senders waited for room because the peer took too little, or the peer because nobody pulled. */
@Name("io.millrace.BackPressure")
@Label("Back Pressure")
@Description("Senders waited for room because the peer took too little, or the peer because nobody pulled")
@Category("Millrace")
@StackTrace(false)
final class BackPressureEvent extends Event {
    @Label("Connection id")
    long connectionId;

    @Label("Direction")
    String direction;
}
