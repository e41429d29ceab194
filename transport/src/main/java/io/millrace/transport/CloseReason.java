package io.millrace.transport;

/** Why a connection ended. */
public enum CloseReason {
    /** This side closed it. */
    LOCAL_CLOSE("closed by this side"),
    /** This side closed it at once, unflushed. */
    LOCAL_ABORT("closed at once by this side"),
    /** The peer ended it in the proper way. */
    PEER_CLOSE("closed by the peer"),
    /** The transport was closed. */
    TRANSPORT_CLOSE("the transport was closed"),
    /** The peer's host reset the connection, or it broke. */
    PEER_RESET("reset by the peer"),
    /** The peer's bytes ended inside a message, or without TLS's close_notify. */
    TRUNCATED("ended by the peer in the middle"),
    /** A message announced a length over the maximum. */
    MESSAGE_TOO_LONG("message longer than the maximum"),
    /** A message announced a length below the minimum, or in a way that is not allowed. */
    BAD_LENGTH("message length below the minimum, or not well encoded"),
    /** A message went on over the maximum without the delimiter or line ending that closes it. */
    DELIMITER_MISSING("no delimiter within the maximum"),
    /** The peer of a TLS connection does not speak TLS. */
    NOT_TLS("not TLS"),
    /** The TLS handshake failed. */
    HANDSHAKE_FAILED("TLS handshake failed"),
    /** The TLS handshake was not done in time. */
    HANDSHAKE_TIMEOUT("TLS handshake not done in time"),
    /** A TLS record was broken, after the handshake. */
    TLS_ERROR("TLS error"),
    /** The connection could not be made. */
    CONNECT_FAILED("could not connect"),
    /** The connection was not made in time. */
    CONNECT_TIMEOUT("not connected in time"),
    /** The peer's PROXY header is malformed. */
    PROXY_HEADER("PROXY header malformed"),
    /** The peer's PROXY header was not there in time. */
    PROXY_TIMEOUT("PROXY header not there in time"),
    /** The listener refused the client that a PROXY header named. */
    REFUSED("refused by the listener"),
    /** What was accepted could not be sent in the time that closing may take. */
    CLOSE_TIMEOUT("not flushed in time"),
    /** This side ended its stream, and nothing came from the peer, nor its end. */
    HALF_CLOSE_TIMEOUT("nothing came from the peer after this side's end"),
    /** {@link Connection#authenticated()} was not called in time. */
    AUTHENTICATION_TIMEOUT("not authenticated in time"),
    /** The peer said nothing for too many heartbeats. */
    HEARTBEAT_LOST("heartbeats not answered"),
    /** The peer did not take what was sent for too long. */
    SLOW_CONSUMER("the peer takes too little"),
    /** The peer of a WebSocket broke the framing rules of RFC 6455. */
    WEBSOCKET_ERROR("WebSocket rules broken"),
    /** A WebSocket's text is not UTF-8. */
    INVALID_UTF8("text is not UTF-8"),
    /** A WebSocket's compressed message can't be inflated. */
    COMPRESSION_ERROR("compressed message broken"),
    /** The peer of a WebSocket sent more pings than are answered. */
    PING_FLOOD("too many pings"),
    /** The peer of a WebSocket sent fragment after fragment, or compressed block after block, without content. */
    FRAGMENT_FLOOD("too many fragments without content"),
    /** A WebSocket's opening handshake is malformed. */
    UPGRADE_FAILED("WebSocket handshake malformed"),
    /** A WebSocket's opening handshake was refused by the server. */
    UPGRADE_REFUSED("WebSocket handshake refused"),
    /** A WebSocket's opening handshake was not done in time. */
    UPGRADE_TIMEOUT("WebSocket handshake not done in time"),
    /** A plain HTTP request came on a WebSocket's port, and was answered. */
    HTTP_ANSWERED("plain HTTP request answered"),
    /** The process that carries the messages, such as Aeron's media driver, is gone or does not answer. */
    DRIVER_LOST("the media driver is lost"),
    /** The handler threw. */
    HANDLER_ERROR("the handler threw"),
    /** The connection's thread could not be started, or was interrupted. */
    THREAD_LOST("no thread to run on"),
    /** Millrace itself failed: please report it. */
    INTERNAL_ERROR("internal error"),
    /** Any other error of the socket. */
    IO_ERROR("I/O error");

    private final String text;

    CloseReason(final String text) {
        this.text = text;
    }

    /**
     * The reason for a person.
     *
     * @return a few words.
     */
    public String text() {
        return text;
    }
}
