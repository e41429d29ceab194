/** The transport and its public face. */
module io.millrace.transport {
    requires transitive io.millrace.ring;
    requires transitive io.millrace.session;

    exports io.millrace.transport;
}
