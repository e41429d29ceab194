package io.millrace.transport.websocket;

import java.nio.ByteBuffer;

/**
 * Tells whether bytes are UTF-8 (RFC 3629 section 4), however they are cut: a state goes in, the next one comes out, and it is
 * {@link #INVALID} from the first byte on that no valid text has there. Keeps nothing itself.
 */
final class Utf8 {
    /** Between two characters: the state to begin with, and the one to end with. */
    static final int WHOLE = 0;

    /** For good. */
    static final int INVALID = -1;

    private static final long NOT_ASCII = 0x8080808080808080L;

    // Any other state: continuation bytes that are to follow, and the least and the greatest that may be the next one.
    private static final int MISSING_SHIFT = 16;
    private static final int LOW_SHIFT = 8;
    private static final int ANY_CONTINUATION = (0x80 << LOW_SHIFT) | 0xBF;

    private Utf8() {}

    static boolean isValid(final ByteBuffer buffer, final int offset, final int limit) {
        return advance(WHOLE, buffer, offset, limit) == WHOLE;
    }

    /** The state behind the next bytes. */
    static int advance(final int before, final ByteBuffer buffer, final int offset, final int limit) {
        int state = before;
        int at = offset;
        while (at < limit && state != INVALID) {
            if (state == WHOLE) {
                at = skipAscii(buffer, at, limit);
                if (at < limit) {
                    state = begin(buffer.get(at++) & 0xFF);
                }
            } else {
                state = go(state, buffer.get(at++) & 0xFF);
            }
        }
        return state;
    }

    private static int skipAscii(final ByteBuffer buffer, final int offset, final int limit) {
        int at = offset;
        while (limit - at >= Long.BYTES && (buffer.getLong(at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < limit && buffer.get(at) >= 0) {
            at++;
        }
        return at;
    }

    /** Neither overlong forms, nor surrogates, nor what lies past U+10FFFF. */
    private static int begin(final int first) {
        if (first < 0xC2 || first > 0xF4) {
            return INVALID;
        }
        if (first < 0xE0) {
            return state(1, 0x80, 0xBF);
        }
        if (first < 0xF0) {
            return state(2, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
        }
        return state(3, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    }

    private static int state(final int missing, final int low, final int high) {
        return (missing << MISSING_SHIFT) | (low << LOW_SHIFT) | high;
    }

    private static int go(final int state, final int next) {
        if (next < ((state >>> LOW_SHIFT) & 0xFF) || next > (state & 0xFF)) {
            return INVALID;
        }
        final int missing = (state >>> MISSING_SHIFT) - 1;
        return missing == 0 ? WHOLE : (missing << MISSING_SHIFT) | ANY_CONTINUATION;
    }
}
