package io.millrace.transport;

/** Why a listener refused a peer. A refused socket is closed at once; nothing else is touched. */
public enum RefusalReason {
    /** The listener has as many connections as it may. */
    TOO_MANY_CONNECTIONS("too many connections"),
    /** The peer's address has as many connections as it may. */
    TOO_MANY_FROM_ADDRESS("too many connections from the address"),
    /** Peers come faster than they may. */
    TOO_FAST("connections come too fast"),
    /** As many connections as may be are not open yet: their handshakes are not done. */
    TOO_MANY_HANDSHAKES("too many handshakes at once"),
    /** The address filter denies the peer's address. */
    ADDRESS_DENIED("the address is denied"),
    /** A peer that is not among the trusted proxies connected to a listener that wants PROXY headers. */
    NOT_A_PROXY("not a trusted proxy"),
    /** The process is out of file descriptors, or the socket broke while it was set up. */
    NO_DESCRIPTOR("no file descriptor to be had"),
    /** There was no thread or no memory for the connection. */
    OUT_OF_RESOURCES("no thread or memory to be had"),
    /** The application's supplier of handlers threw. */
    NO_HANDLER("the supplier of handlers threw");

    private final String text;

    RefusalReason(final String text) {
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
