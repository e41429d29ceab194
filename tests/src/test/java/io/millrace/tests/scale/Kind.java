package io.millrace.tests.scale;

/** How a conversation goes. */
enum Kind {
    /** The client sends, has an answer to each message, and closes. */
    ANSWERED(true, true),
    /** As before, and the client does not read for a while. */
    CLIENT_PAUSES(true, true),
    /** As before, and the server does not read for a while. */
    SERVER_PAUSES(true, true),
    /** The client ends its half, has the rest of the answers, and the server closes. */
    HALF_CLOSE(true, true),
    /** The server closes while the client sends. */
    SERVER_CLOSES(false, true),
    /** The client closes at once, with messages on the way in both directions. */
    CLIENT_ABORTS(false, false),
    /** The client resets the connection in the middle of a message, with a socket of its own. TCP only. */
    CLIENT_RESETS(false, false),
    /** The client does not read what the server sends without end, and is cut off. */
    SLOW_CONSUMER(false, false);

    private final boolean serverGetsAll;
    private final boolean clientGetsAll;

    Kind(final boolean serverGetsAll, final boolean clientGetsAll) {
        this.serverGetsAll = serverGetsAll;
        this.clientGetsAll = clientGetsAll;
    }

    /** Whether all that the client's connection accepted must reach the server. */
    boolean serverGetsAll() {
        return serverGetsAll;
    }

    /** Whether all that the server's connection accepted must reach the client. */
    boolean clientGetsAll() {
        return clientGetsAll;
    }
}
