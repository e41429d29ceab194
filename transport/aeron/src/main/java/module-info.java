/** Aeron behind the transport's API. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"
}) // Aeron and Agrona have no module descriptors.
module io.millrace.transport.aeron {
    requires transitive io.millrace.transport;
    requires transitive io.aeron.driver;
    requires io.aeron.client;

    exports io.millrace.transport.aeron;

    provides io.millrace.transport.channel.MessageScheme with
            io.millrace.transport.aeron.AeronScheme;
}
