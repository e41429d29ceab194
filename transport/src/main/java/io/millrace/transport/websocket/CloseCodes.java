package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;

/** Codes of close frames: RFC 6455 section 7.4 and the registry of section 11.7. */
public final class CloseCodes {
    /** The purpose is fulfilled. */
    public static final int NORMAL = 1000;

    /** This side goes away: a server that goes down, a page that was left. */
    public static final int GOING_AWAY = 1001;

    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;

    /** The peer sent a kind of data that is not taken here. */
    public static final int UNSUPPORTED_DATA = 1003;

    /** Stands for a close frame without a code; never sent. */
    public static final int NONE = 1005;

    /** Stands for an end without a close frame; never sent. */
    public static final int ABNORMAL = 1006;

    /** Text that is not UTF-8, or compressed data that can't be inflated. */
    public static final int INVALID_PAYLOAD = 1007;

    /** The peer broke a rule of this side's own. */
    public static final int POLICY_VIOLATION = 1008;

    /** A message that is too long. */
    public static final int MESSAGE_TOO_BIG = 1009;

    /** A client misses an extension in the server's answer. */
    public static final int MANDATORY_EXTENSION = 1010;

    /** This side failed. */
    public static final int INTERNAL_ERROR = 1011;

    private static final int LAST_REGISTERED = 1014;
    private static final int FIRST_FREE = 3000;
    private static final int LAST_FREE = 4999;

    private CloseCodes() {}

    /**
     * Whether a close frame may carry a code: 1000 to 1014 but 1004 to 1006, and 3000 to 4999.
     *
     * @param code to look at.
     * @return true if so.
     */
    public static boolean isLegal(final int code) {
        return (code >= NORMAL && code <= UNSUPPORTED_DATA)
                || (code >= INVALID_PAYLOAD && code <= LAST_REGISTERED)
                || (code >= FIRST_FREE && code <= LAST_FREE);
    }

    /** What to tell the peer if the connection ends for a reason. */
    static int of(final CloseReason reason) {
        return switch (reason) {
            case WEBSOCKET_ERROR -> PROTOCOL_ERROR;
            case INVALID_UTF8, COMPRESSION_ERROR -> INVALID_PAYLOAD;
            case MESSAGE_TOO_LONG -> MESSAGE_TOO_BIG;
            case PING_FLOOD, FRAGMENT_FLOOD, AUTHENTICATION_TIMEOUT, SLOW_CONSUMER -> POLICY_VIOLATION;
            case TRANSPORT_CLOSE, HEARTBEAT_LOST -> GOING_AWAY;
            case HANDLER_ERROR, INTERNAL_ERROR -> INTERNAL_ERROR;
            default -> NORMAL;
        };
    }
}
