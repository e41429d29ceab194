package io.millrace.transport.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A TLS handshake, from the connected socket to its end. */
@Name("io.millrace.TlsHandshake")
@Label("TLS Handshake")
@Description("A TLS handshake, from the connected socket to its end")
@Category("Millrace")
@StackTrace(false)
final class HandshakeEvent extends Event {
    @Label("Connection id")
    long connectionId;

    @Label("Remote address")
    String remoteAddress;

    @Label("Protocol")
    String protocol;

    @Label("Cipher suite")
    String cipherSuite;

    @Label("Resumed")
    boolean resumed;

    @Label("Successful")
    boolean successful;
}
