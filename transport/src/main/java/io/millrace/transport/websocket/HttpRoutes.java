package io.millrace.transport.websocket;

import io.millrace.transport.Connection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * A small site beside a WebSocket: a fixed table from paths to files that are held in memory and to hooks, for
 * {@link WebSocketContext#requestHook(HttpHook)}. A path is compared as it came, letter by letter: nothing is decoded, no
 * file system is asked. Other paths get status 404; other methods than {@code GET} and {@code HEAD} 405.
 *
 * <p>Files carry an {@code ETag}, by which a client that has the same already is told so (status 304); what hooks answer is
 * not to be stored unless they say otherwise.
 *
 * <p>Set it up on one thread before it is used; then any thread, wait-free.
 */
public final class HttpRoutes implements HttpHook {
    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String ETAG = "ETag";
    private static final int ETAG_BYTES = 16;

    private final Map<String, HttpHook> hooks = new HashMap<>();
    private HttpFields common = HttpFields.EMPTY.with("X-Content-Type-Options", "nosniff");

    /** Makes a site without a path. Its answers forbid browsers to guess another type of content. */
    public HttpRoutes() {}

    /**
     * Adds a header field to all answers, such as a {@code Content-Security-Policy}.
     *
     * @param name  as in {@link HttpAnswer#header(String, String)}.
     * @param value of the field.
     * @return this.
     * @throws IllegalArgumentException if name or value is malformed, or the name is one that answers set themselves.
     */
    public HttpRoutes header(final String name, final String value) {
        common = common.with(OwnFields.checkFree(name), value);
        return this;
    }

    /**
     * Adds a file.
     *
     * @param path        of the target, from its slash on, percent-encoded.
     * @param contentType such as {@code text/html; charset=utf-8}.
     * @param content     at most {@link HttpAnswer#MAX_BODY_LENGTH} bytes; copied.
     * @return this.
     * @throws IllegalArgumentException if the path is malformed or there already, or the content too long.
     */
    public HttpRoutes file(final String path, final String contentType, final byte[] content) {
        final String tag = tagOf(content);
        final HttpAnswer whole = HttpAnswer.status(200)
                .header(ETAG, tag)
                .header(CACHE_CONTROL, "no-cache")
                .body(contentType, content);
        final HttpAnswer same = HttpAnswer.status(304).header(ETAG, tag).header(CACHE_CONTROL, "no-cache");
        return add(path, (connection, request) -> isKnown(request, tag) ? same : whole);
    }

    /**
     * Adds what a hook answers, to {@code GET} and {@code HEAD} alone: a health check, for one. For {@code HEAD} the body
     * is left out.
     *
     * @param path of the target, from its slash on, percent-encoded.
     * @param hook of it.
     * @return this.
     * @throws IllegalArgumentException if the path is malformed, or there already.
     */
    public HttpRoutes route(final String path, final HttpHook hook) {
        Objects.requireNonNull(hook, "hook");
        return add(path, (connection, request) -> uncached(hook.answer(connection, request)));
    }

    private HttpRoutes add(final String path, final HttpHook hook) {
        if (!path.startsWith("/") || path.indexOf('?') >= 0 || !path.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("not the path of a target: path=" + path);
        }
        if (hooks.putIfAbsent(path, hook) != null) {
            throw new IllegalArgumentException("there already: path=" + path);
        }
        return this;
    }

    @Override
    public HttpAnswer answer(final Connection connection, final HttpRequest request) {
        return find(connection, request).with(common);
    }

    private HttpAnswer find(final Connection connection, final HttpRequest request) {
        final HttpHook hook = hooks.get(request.path());
        if (hook == null) {
            return uncached(HttpAnswer.status(404).body("There is nothing here.\n"));
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return uncached(HttpAnswer.status(405).header("Allow", "GET, HEAD").body("GET and HEAD alone.\n"));
        }
        return hook.answer(connection, request);
    }

    private static HttpAnswer uncached(final HttpAnswer answer) {
        return answer.fields().first(CACHE_CONTROL).isPresent() ? answer : answer.header(CACHE_CONTROL, "no-store");
    }

    /** RFC 9110 section 13.1.2: weak comparison. */
    private static boolean isKnown(final HttpRequest request, final String tag) {
        return request.fields().elements("If-None-Match").stream()
                .anyMatch(known -> known.equals("*") || known.equals(tag) || known.equals("W/" + tag));
    }

    private static String tagOf(final byte[] content) {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + '"';
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    /**
     * A health check that is always well, as long as the connection's thread runs: status 200 and {@code ok}.
     *
     * @return the hook, for {@link #route}.
     */
    public static HttpHook health() {
        final HttpAnswer well =
                HttpAnswer.status(200).body("text/plain; charset=utf-8", "ok\n".getBytes(StandardCharsets.US_ASCII));
        return (connection, request) -> well;
    }
}
