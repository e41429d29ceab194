package io.millrace.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the head of an HTTP/1.1 message, strictly (RFC 9112): lines end with CR LF and nothing else, no line is folded, no
 * space stands before a colon; and bounded in all ways. Takes whole lines; resumable at any byte. The connection's thread.
 */
final class HeadParser {
    /** Header fields at most. */
    static final int MAX_FIELDS = 100;

    /** Bytes of a line at most, without its end. */
    static final int MAX_LINE_LENGTH = 8 * 1024;

    private static final int URI_TOO_LONG = 414;
    private static final int FIELDS_TOO_LARGE = 431;
    private static final int BAD_REQUEST = 400;

    private final int maxLength;
    private final List<Map.Entry<String, String>> fields = new ArrayList<>();

    /** Bytes of the line that has begun in which there is no line feed. */
    private int searched;

    private int length;
    private String startLine;
    private boolean done;

    HeadParser(final int maxLength) {
        this.maxLength = maxLength;
    }

    /**
     * Takes lines up to the empty one.
     *
     * @return bytes consumed; the rest is to be offered again, with more behind it, unless {@link #isDone()}.
     */
    int parse(final ByteBuffer source, final int offset, final int limit) throws HttpException {
        int at = offset;
        while (!done) {
            int end = at + searched;
            while (end < limit && source.get(end) != '\n') {
                end++;
            }
            searched = end - at;
            if (searched > MAX_LINE_LENGTH + 1) {
                throw new HttpException(
                        startLine == null ? URI_TOO_LONG : FIELDS_TOO_LARGE,
                        "line too long: maxLength=" + MAX_LINE_LENGTH);
            }
            if (length + searched >= maxLength) {
                throw new HttpException(FIELDS_TOO_LARGE, "head too long: maxLength=" + maxLength);
            }
            if (end == limit) {
                return at - offset;
            }
            line(source, at, searched);
            length += searched + 1;
            at = end + 1;
            searched = 0;
        }
        return at - offset;
    }

    private void line(final ByteBuffer source, final int at, final int withReturn) throws HttpException {
        if (withReturn == 0 || source.get(at + withReturn - 1) != '\r') {
            throw new HttpException(BAD_REQUEST, "line feed without carriage return");
        }
        final byte[] bytes = new byte[withReturn - 1];
        source.get(at, bytes);
        final String line = new String(bytes, StandardCharsets.ISO_8859_1);
        if (line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
            throw new HttpException(BAD_REQUEST, "control character in the head: line=" + fields.size());
        }
        if (startLine == null) {
            startLine = line;
        } else if (line.isEmpty()) {
            done = true;
        } else {
            field(line);
        }
    }

    private void field(final String line) throws HttpException {
        final int colon = line.indexOf(':');
        if (colon < 0 || !HttpFields.isToken(line.substring(0, colon))) {
            throw new HttpException(BAD_REQUEST, "malformed header field: index=" + fields.size());
        }
        if (fields.size() == MAX_FIELDS) {
            throw new HttpException(FIELDS_TOO_LARGE, "too many header fields: max=" + MAX_FIELDS);
        }
        fields.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
    }

    boolean isDone() {
        return done;
    }

    /** Another head follows; the bound in bytes is for all of them. */
    void again() {
        startLine = null;
        fields.clear();
        done = false;
    }

    HttpFields fields() {
        return HttpFields.of(fields);
    }

    /** The head as that of a request. */
    HttpRequest request() throws HttpException {
        return RequestLine.parse(startLine, fields());
    }

    /** The status, if the head is that of a response. */
    int status() throws HttpException {
        if (!startLine.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            throw new HttpException(0, "malformed status line: length=" + startLine.length());
        }
        return Integer.parseInt(startLine.substring(9, 12));
    }
}
