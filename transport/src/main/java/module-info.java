/** The transport and its public face. */
module io.millrace.transport {
    requires transitive io.millrace.ring;
    requires transitive io.millrace.session;
    requires org.jctools.core.jdk11;

    exports io.millrace.transport;
    exports io.millrace.transport.frame;
}
