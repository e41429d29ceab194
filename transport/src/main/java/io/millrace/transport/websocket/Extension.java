package io.millrace.transport.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One extension of a {@code Sec-WebSocket-Extensions} field (RFC 6455 section 9.1): a name and parameters, each with a value or
 * the empty one; and whether one of them was there twice, which the extension itself may forbid (RFC 7692 section 7.1).
 */
record Extension(String name, Map<String, String> parameters, boolean repeats) {
    /** Reads all of them; a malformed one ends it with an exception. */
    static List<Extension> parse(final List<String> elements) throws HttpException {
        final List<Extension> all = new ArrayList<>();
        for (final String element : elements) {
            final String[] parts = element.split(";", -1);
            final Map<String, String> parameters = new TreeMap<>();
            for (int i = 1; i < parts.length; i++) {
                parameter(parts[i].strip(), parameters);
            }
            all.add(new Extension(token(parts[0].strip()), parameters, parameters.size() < parts.length - 1));
        }
        return all;
    }

    private static void parameter(final String text, final Map<String, String> parameters) throws HttpException {
        final int equals = text.indexOf('=');
        final String name = token((equals < 0 ? text : text.substring(0, equals)).strip());
        String value = "";
        if (equals >= 0) {
            value = text.substring(equals + 1).strip();
            if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
                value = value.substring(1, value.length() - 1);
            }
            token(value);
        }
        parameters.put(name, value);
    }

    private static String token(final String text) throws HttpException {
        if (!HttpFields.isToken(text)) {
            throw new HttpException(400, "malformed Sec-WebSocket-Extensions: part=" + text);
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
