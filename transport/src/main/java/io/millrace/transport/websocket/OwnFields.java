package io.millrace.transport.websocket;

import java.util.Locale;
import java.util.Set;

/** Header fields that a handshake sets itself, and no user. */
final class OwnFields {
    private static final Set<String> NAMES = Set.of(
            "host",
            "upgrade",
            "connection",
            "date",
            "content-length",
            "transfer-encoding",
            "sec-websocket-key",
            "sec-websocket-accept",
            "sec-websocket-protocol",
            "sec-websocket-extensions");

    private OwnFields() {}

    /** For a field of the handshake itself; an answer of another status may say which versions there are. */
    static String checkFreeInHandshake(final String name) {
        if (name.equalsIgnoreCase(Opening.SEC_VERSION)) {
            throw new IllegalArgumentException("the handshake sets this header field itself: name=" + name);
        }
        return checkFree(name);
    }

    static String checkFree(final String name) {
        if (NAMES.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the handshake sets this header field itself: name=" + name);
        }
        return name;
    }
}
