package io.millrace.transport.websocket;

import io.millrace.session.AttributeKey;
import io.millrace.session.AttributeMap;
import io.millrace.session.BoundExceededException;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** One side of an opening handshake: RFC 6455 section 4. No I/O; resumable at any byte. The connection's thread. */
abstract class Opening {
    static final String VERSION = "13";
    static final String ACCEPT = "Sec-WebSocket-Accept";
    static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    static final String KEY = "Sec-WebSocket-Key";
    static final String PROTOCOL = "Sec-WebSocket-Protocol";
    static final String SEC_VERSION = "Sec-WebSocket-Version";
    private static final int FIELDS_TOO_LARGE = 431;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    final WebSocketContext context;

    /** Null until it is made, or has come. */
    HttpRequest request;

    HttpFields responseFields = HttpFields.EMPTY;
    Optional<String> protocol = Optional.empty();
    Optional<DeflateTerms> deflate = Optional.empty();
    private final HeadParser head;

    /** Null before it is connected. */
    private Connection connection;

    private AttributeMap attributes = new AttributeMap();
    private ByteBuffer words = NOTHING;
    private boolean open;
    private ProtocolException refusal;

    Opening(final WebSocketContext context) {
        this.context = context;
        head = new HeadParser(context.maxHeadLength());
    }

    /** The connection is made, and nothing is said yet. */
    void begin(final Connection made) {
        connection = made;
        attributes = made.attributes();
    }

    final Connection connection() {
        return connection;
    }

    /** Keeps an attribute for the connection's users: what doesn't fit there is too much. */
    final <T> void keep(final AttributeKey<T> key, final T value) throws HttpException {
        try {
            attributes.set(key, value);
        } catch (final BoundExceededException ex) {
            throw new HttpException(FIELDS_TOO_LARGE, "head too long to be kept as an attribute: " + ex.getMessage());
        }
    }

    /** What is left to be said. */
    final ByteBuffer words() {
        return words;
    }

    final void say(final byte[] all) {
        words = ByteBuffer.wrap(all);
    }

    /** Takes what came; returns the bytes consumed. */
    final int take(final ByteBuffer source, final int offset, final int limit) {
        try {
            int at = offset + head.parse(source, offset, limit);
            while (head.isDone() && isInterim(head)) {
                head.again();
                at += head.parse(source, at, limit);
            }
            if (head.isDone()) {
                onHead(head);
            }
            return at - offset;
        } catch (final HttpException ex) {
            onBadHead(ex);
            return limit - offset;
        }
    }

    /** Whether a head is to be passed over, for another one follows. */
    boolean isInterim(final HeadParser whole) throws HttpException {
        return false;
    }

    /** The peer's head is whole. */
    abstract void onHead(HeadParser whole) throws HttpException;

    abstract void onBadHead(HttpException ex);

    final void open() {
        open = true;
    }

    final boolean isOpen() {
        return open;
    }

    final void refuse(final CloseReason reason, final String detail) {
        refusal = new ProtocolException(reason, detail);
    }

    final Optional<ProtocolException> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** RFC 6455 section 4.2.2. */
    static String acceptOf(final String key) {
        try {
            final byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-1", ex);
        }
    }
}
