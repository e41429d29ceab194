/** The transport and its public face. */
module io.millrace.transport {
    requires transitive io.millrace.ring;
    requires transitive io.millrace.session;
    requires org.jctools.core.jdk11;
    requires jdk.jfr;

    exports io.millrace.transport;
    exports io.millrace.transport.channel;
    exports io.millrace.transport.frame;
    exports io.millrace.transport.tls;
    exports io.millrace.transport.websocket;

    uses io.millrace.transport.channel.ChannelScheme;
    uses io.millrace.transport.channel.MessageScheme;

    provides io.millrace.transport.channel.ChannelScheme with
            io.millrace.transport.channel.socket.TcpScheme,
            io.millrace.transport.channel.socket.TlsScheme,
            io.millrace.transport.channel.socket.UnixScheme,
            io.millrace.transport.channel.socket.WsScheme,
            io.millrace.transport.channel.socket.WssScheme;
}
