package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A small site, as its requests come over the wire and its answers go there. */
class HttpRoutesTest {
    private static final String PAGE = "<!doctype html>";

    private final HttpRoutes routes = new HttpRoutes()
            .header("Content-Security-Policy", "default-src 'none'")
            .file("/", "text/html; charset=utf-8", PAGE.getBytes(StandardCharsets.UTF_8))
            .file("/live.js", "text/javascript; charset=utf-8", new byte[] {';'})
            .route("/health", HttpRoutes.health())
            .route("/feed", (connection, request) -> HttpAnswer.upgradeRequired())
            .route(
                    "/count",
                    (connection, request) -> HttpAnswer.status(200)
                            .header("Cache-Control", "max-age=1")
                            .body(request.query()))
            .route("/broken", (connection, request) -> {
                throw new IllegalStateException("a bug");
            });

    private String ask(final String line, final String fields) {
        final byte[] wire = (line + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        final ServerOpening opening = new ServerOpening(new WebSocketContext().requestHook(routes), "");
        opening.take(ByteBuffer.wrap(wire), 0, wire.length);
        assertFalse(opening.isOpen());
        assertTrue(opening.refusal().isPresent());
        return StandardCharsets.ISO_8859_1.decode(opening.words().duplicate()).toString();
    }

    private String ask(final String line) {
        return ask(line, "");
    }

    private static String field(final String answer, final String name) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .reduce((first, second) -> first + " AND " + second)
                .orElse("");
    }

    @Test
    void shouldServeAFileWithItsTypeLengthAndTag() {
        final String answer = ask("GET /");

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n" + PAGE), answer);
        assertEquals("text/html; charset=utf-8", field(answer, "Content-Type"));
        assertEquals(Integer.toString(PAGE.length()), field(answer, "Content-Length"));
        assertEquals("close", field(answer, "Connection"));
        assertEquals("no-cache", field(answer, "Cache-Control"));
        assertEquals("default-src 'none'", field(answer, "Content-Security-Policy"));
        assertEquals("nosniff", field(answer, "X-Content-Type-Options"));
        assertTrue(field(answer, "ETag").matches("\"[0-9a-f]{32}\""), answer);
        assertFalse(field(answer, "ETag").equals(field(ask("GET /live.js"), "ETag")));
    }

    @Test
    void shouldServeAFileWhateverItsQuery() {
        assertTrue(ask("GET /?from=elsewhere").endsWith(PAGE));
    }

    @Test
    void shouldAnswerHeadAsGetWithoutTheBody() {
        final String whole = ask("GET /");

        assertEquals(whole.substring(0, whole.length() - PAGE.length()), ask("HEAD /"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"TAG|304", "W/TAG|304", "\"other\", TAG|304", "*|304", "\"other\"|200", "TA|200", "''|200"})
    void shouldSaySoWhenTheClientHasTheFileAlready(final String known, final int status) {
        final String tag = field(ask("GET /"), "ETag");
        final String answer = ask("GET /", "If-None-Match: " + known.replace("TAG", tag) + "\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(status == 200, answer.endsWith(PAGE));
        assertEquals(tag, field(answer, "ETag"));
        assertEquals("default-src 'none'", field(answer, "Content-Security-Policy"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "//",
                "/./",
                "/../live.js",
                "/%2e%2e/live.js",
                "/..%2flive.js",
                "/%6cive.js",
                "/live.js/",
                "/live.js%00.html",
                "/LIVE.JS",
                "/..\\..\\live.js",
                "/etc/passwd"
            })
    void shouldFindNothingBesideItsPaths(final String path) {
        final String answer = ask("GET " + path);

        assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
        assertEquals("no-store", field(answer, "Cache-Control"));
        assertFalse(answer.contains(";\n") || answer.contains(path), "says more than it should: " + answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "BREW"})
    void shouldRefuseOtherMethods(final String method) {
        final String answer = ask(method + " /");

        assertTrue(answer.startsWith("HTTP/1.1 405 Method Not Allowed\r\n"), answer);
        assertEquals("GET, HEAD", field(answer, "Allow"));
        assertTrue(ask("OPTIONS *").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void shouldAskHooksAndForbidToStoreWhatTheySayUnlessTheyKnowBetter() {
        assertTrue(ask("GET /health").endsWith("\r\n\r\nok\n"));
        assertEquals("no-store", field(ask("GET /health"), "Cache-Control"));
        assertTrue(ask("GET /count?7").endsWith("\r\n\r\n7"));
        assertEquals("max-age=1", field(ask("GET /count?7"), "Cache-Control"));
        assertTrue(ask("GET /feed").startsWith("HTTP/1.1 426 Upgrade Required\r\n"));
        assertTrue(ask("GET /broken").startsWith("HTTP/1.1 500 "));
    }

    @Test
    void shouldServeAFileAsLongAsOneMayBe() {
        routes.file("/~", "text/plain", new byte[HttpAnswer.MAX_BODY_LENGTH]);

        assertEquals(Integer.toString(HttpAnswer.MAX_BODY_LENGTH), field(ask("HEAD /~"), "Content-Length"));
    }

    @Test
    void shouldRefuseWhatCanNotBeServed() {
        final byte[] file = {1};
        final byte[] tooLong = new byte[HttpAnswer.MAX_BODY_LENGTH + 1];
        for (final String path : new String[] {"", "live.css", "/a b", "/a?b", "/ä", "/\u007F", "/"}) {
            assertThrows(IllegalArgumentException.class, () -> routes.file(path, "text/css", file), path);
        }
        assertThrows(IllegalArgumentException.class, () -> routes.file("/new", "text/css\r\nX: y", file));
        assertThrows(IllegalArgumentException.class, () -> routes.file("/new", "text/css", tooLong));
        assertThrows(IllegalArgumentException.class, () -> routes.header("Content-Length", "1"));
        assertThrows(IllegalArgumentException.class, () -> routes.header("Date", "today"));
    }
}
