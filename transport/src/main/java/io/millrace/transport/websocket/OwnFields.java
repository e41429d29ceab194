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

    static String checkFree(final String name) {
        if (NAMES.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the handshake sets this header field itself: name=" + name);
        }
        return name;
    }
}
