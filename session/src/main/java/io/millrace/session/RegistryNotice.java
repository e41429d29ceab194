package io.millrace.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How a change is told on a broadcast ring.
 *
 * <pre>
 *   kind (1) | server version (8) | version (8) | length of the type (4) | type | id
 *   kind: 0 put, 1 remove, 2 start over
 * </pre>
 */
final class RegistryNotice {
    static final byte PUT = 0;
    static final byte REMOVE = 1;
    static final byte START_OVER = 2;
    static final int HEADER_BYTES = 1 + 8 + 8 + 4;

    private RegistryNotice() {}

    static ByteBuffer encode(
            final ByteBuffer buffer,
            final byte kind,
            final long serverVersion,
            final long version,
            final String type,
            final String id) {
        final byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        final byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        final boolean fits = HEADER_BYTES + (long) typeBytes.length + idBytes.length <= buffer.capacity()
                && isText(type)
                && isText(id);
        buffer.clear();
        // A change that cannot be named can only be told as a reason to read everything again.
        buffer.put(fits ? kind : START_OVER).putLong(serverVersion).putLong(version);
        if (fits) {
            buffer.putInt(typeBytes.length).put(typeBytes).put(idBytes);
        } else {
            buffer.putInt(0);
        }
        return buffer.flip();
    }

    /** Half a surrogate pair has no UTF-8: a question mark would name another record. */
    private static boolean isText(final String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isSurrogate(name.charAt(i))) {
                if (Character.charCount(name.codePointAt(i)) == 1) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    static void decode(final ByteBuffer buffer, final int offset, final int length, final WatchHandler handler) {
        final byte kind = buffer.get(offset);
        final long serverVersion = buffer.getLong(offset + 1);
        final long version = buffer.getLong(offset + 9);
        if (kind == START_OVER) {
            handler.onStartOver(serverVersion, version);
            return;
        }
        final byte[] text = new byte[length - HEADER_BYTES];
        buffer.get(offset + HEADER_BYTES, text);
        final int typeLength = buffer.getInt(offset + 17);
        handler.onChange(
                version,
                new String(text, 0, typeLength, StandardCharsets.UTF_8),
                new String(text, typeLength, text.length - typeLength, StandardCharsets.UTF_8),
                kind == REMOVE);
    }
}
