package io.millrace.jmh.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the live page's server serves, to the JDK's clients. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LivePageTest {
    private static final long DEADLINE_S = 20;

    private final HttpClient client = HttpClient.newHttpClient();
    private LivePage page;

    @BeforeEach
    void serve() throws Exception {
        page = new LivePage(false, 0, () -> "{\"hello\":1}", () -> "{\"status\":\"ok\"}\n");
    }

    @AfterEach
    void close() {
        page.close();
    }

    private HttpResponse<String> get(final String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(page.uri().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8, <!doctype html>",
        "/live.css, text/css; charset=utf-8, prefers-color-scheme",
        "/live.js, text/javascript; charset=utf-8, new WebSocket",
        "/icon.svg, image/svg+xml, <svg",
        "/health, application/json, '\"status\":\"ok\"'"
    })
    void shouldServeThePageAndItsParts(final String path, final String type, final String part) throws Exception {
        final HttpResponse<String> response = get(path);

        assertEquals(200, response.statusCode());
        assertEquals(type, response.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(response.body().contains(part), response.body());
        final String policy =
                response.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }

    @Test
    void shouldRefuseWhatItDoesNotServe() throws Exception {
        assertEquals(404, get("/../LivePage.class").statusCode());
        assertEquals(404, get("/live.html").statusCode());
        assertEquals(426, get("/feed").statusCode());
    }

    /** Nothing from elsewhere, and nothing in line, which the policy would forbid. */
    @Test
    void shouldNeedNothingFromElsewhere() throws Exception {
        for (final String path : new String[] {"/", "/live.css", "/live.js"}) {
            final String content = get(path).body().replace("http://www.w3.org/2000/svg", "");
            assertFalse(content.matches("(?s).*(https?:)?//[a-z0-9]+\\.[a-z].*"), path);
            assertFalse(content.matches("(?s).*( style=| on[a-z]+=|<script>|<style|@import|url\\().*"), path);
        }
    }

    private static final class Messages implements WebSocket.Listener {
        final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence data, final boolean last) {
            all.add(data.toString());
            webSocket.request(1);
            return null;
        }

        String next() throws InterruptedException {
            return String.valueOf(all.poll(DEADLINE_S, TimeUnit.SECONDS));
        }
    }

    private WebSocket feed(final Messages messages, final String origin) throws Exception {
        final URI uri = URI.create(page.uri().toString().replace("http", "ws") + "feed");
        return client.newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(uri, messages)
                .get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private String own() {
        return page.uri().toString().replaceAll("/$", "");
    }

    @Test
    void shouldTellEachViewerOfTheMinuteAndThenOfEachSample() throws Exception {
        final Messages first = new Messages();
        final Messages second = new Messages();
        feed(first, own());
        feed(second, own());
        assertEquals("{\"hello\":1}", first.next());
        assertEquals("{\"hello\":1}", second.next());
        final LiveCounts counts = new LiveCounts(0, 0, false, 0, 0, 0, 0, 0, 0, 0, 0, page.viewers(), page.missed());
        final LiveSample sample = new LiveSampler(counts, 4).sample(counts, new Histogram(2));
        page.publish(sample);

        assertEquals(sample.toJson(), first.next());
        assertEquals(sample.toJson(), second.next());
        assertTrue(sample.toJson().contains("\"viewers\":2"), sample.toJson());
    }

    @ParameterizedTest
    @CsvSource({"https://elsewhere.example", "http://127.0.0.1", "null"})
    void shouldShowTheFeedToNoOtherSitesPage(final String origin) {
        final ExecutionException failure = assertThrows(ExecutionException.class, () -> feed(new Messages(), origin));

        final WebSocketHandshakeException refused =
                assertInstanceOf(WebSocketHandshakeException.class, failure.getCause());
        assertEquals(403, refused.getResponse().statusCode());
        assertEquals(0, page.viewers());
    }

    @Test
    void shouldNotServeWhereAnotherServesAlready() {
        assertThrows(
                UncheckedIOException.class, () -> new LivePage(false, page.uri().getPort(), () -> "", () -> ""));
    }
}
