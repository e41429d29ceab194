package io.millrace.tests.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Transport;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A headless Chromium with one page, driven by the DevTools protocol: over Millrace's WebSocket client, which so has another
 * peer to get on with. One thread.
 */
final class Chromium implements AutoCloseable {
    private static final long DEADLINE_S = 60;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int LONGEST_MESSAGE = 16 * 1024 * 1024;

    private final Process process;
    private final Transport transport = new Transport();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final WebSocket devTools;

    Chromium(final Path profile) throws Exception {
        process = new ProcessBuilder(command(profile))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            devTools = transport
                    .connect(
                            URI.create(pageOf(port(profile))),
                            new ConnectionContext()
                                    .maxMessageLength(LONGEST_MESSAGE)
                                    .outboundCapacity(2 * LONGEST_MESSAGE),
                            new WebSocketContext(),
                            new Answers())
                    .get(DEADLINE_S, TimeUnit.SECONDS);
            ask("Runtime.enable", new JsonObject());
            ask("Log.enable", new JsonObject());
            ask("Page.enable", new JsonObject());
        } catch (final Exception | AssertionError ex) {
            close();
            throw ex;
        }
    }

    private static List<String> command(final Path profile) {
        return new ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                // The demo's certificate is its own.
                "--ignore-certificate-errors",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank"));
    }

    private static String port(final Path profile) throws Exception {
        final Path file = profile.resolve("DevToolsActivePort");
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!Files.exists(file) || Files.readAllLines(file).size() < 2) {
            assertTrue(System.nanoTime() - deadline < 0, "Chromium does not listen");
            LockSupport.parkNanos(LOOK_NS);
        }
        return Files.readAllLines(file).get(0);
    }

    private static String pageOf(final String port) throws Exception {
        final HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (true) {
            final JsonArray targets = JsonParser.parseString(HttpClient.newHttpClient()
                            .send(list, BodyHandlers.ofString())
                            .body())
                    .getAsJsonArray();
            for (final JsonElement target : targets) {
                if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
                    return target.getAsJsonObject().get("webSocketDebuggerUrl").getAsString();
                }
            }
            assertTrue(System.nanoTime() - deadline < 0, "Chromium has no page: " + targets);
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private final class Answers implements WebSocketHandler {
        @Override
        public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
            final JsonObject message = JsonParser.parseString(WebSocketHandler.text(utf8, offset, length))
                    .getAsJsonObject();
            if (message.has("id")) {
                answers.remove(message.get("id").getAsInt()).complete(message);
            } else if (isComplaint(message)) {
                complaints.add(message.toString());
            }
        }

        /** An exception that nobody caught, or what the browser itself objects to, such as a breach of the policy. */
        private boolean isComplaint(final JsonObject event) {
            final String method = event.get("method").getAsString();
            return method.equals("Runtime.exceptionThrown")
                    || (method.equals("Log.entryAdded")
                            && !event.getAsJsonObject("params")
                                    .getAsJsonObject("entry")
                                    .get("source")
                                    .getAsString()
                                    .equals("network"));
        }
    }

    private JsonObject ask(final String method, final JsonObject parameters) throws Exception {
        final JsonObject question = new JsonObject();
        final int id = ids.incrementAndGet();
        question.addProperty("id", id);
        question.addProperty("method", method);
        question.add("params", parameters);
        final CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        assertTrue(devTools.offerText(question.toString()) > 0, "Chromium is gone");
        final JsonObject got = answer.get(DEADLINE_S, TimeUnit.SECONDS);
        assertTrue(got.has("result"), got.toString());
        return got.getAsJsonObject("result");
    }

    private static JsonObject object(final String name, final Object value) {
        final JsonObject object = new JsonObject();
        object.add(
                name, value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive((String) value));
        return object;
    }

    void open(final URI uri) throws Exception {
        ask("Page.navigate", object("url", uri.toString()));
        await("location.href + ' ' + document.readyState", uri + " complete");
    }

    /** What an expression comes to, as a text. */
    String evaluate(final String expression) throws Exception {
        final JsonObject result = ask("Runtime.evaluate", object("expression", "String(" + expression + ")"));
        assertTrue(!result.has("exceptionDetails"), () -> expression + ": " + result);
        return result.getAsJsonObject("result").get("value").getAsString();
    }

    /** Waits until an expression comes to what is wanted. */
    void await(final String expression, final String wanted) throws Exception {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!evaluate(expression).equals(wanted)) {
            assertTrue(
                    System.nanoTime() - deadline < 0,
                    expression + " is " + evaluate(expression) + ", not " + wanted + "; complaints: " + complaints);
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    void size(final int width, final int height, final boolean mobile) throws Exception {
        final JsonObject metrics = object("width", width);
        metrics.addProperty("height", height);
        metrics.addProperty("deviceScaleFactor", mobile ? 2 : 1);
        metrics.addProperty("mobile", mobile);
        ask("Emulation.setDeviceMetricsOverride", metrics);
    }

    /** Sets a feature of the user's surroundings: {@code prefers-color-scheme}, {@code prefers-reduced-motion}. */
    void prefer(final String feature, final String value) throws Exception {
        final JsonObject pair = object("name", feature);
        pair.addProperty("value", value);
        final JsonArray features = new JsonArray();
        features.add(pair);
        final JsonObject media = new JsonObject();
        media.add("features", features);
        ask("Emulation.setEmulatedMedia", media);
    }

    /** The whole page, as far down as it goes. */
    void screenshot(final Path file) throws Exception {
        final JsonObject parameters = object("format", "png");
        parameters.addProperty("captureBeyondViewport", true);
        final JsonObject size = ask("Page.getLayoutMetrics", new JsonObject()).getAsJsonObject("cssContentSize");
        size.addProperty("scale", 1);
        parameters.add("clip", size);
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(ask("Page.captureScreenshot", parameters)
                                .get("data")
                                .getAsString()));
    }

    /** What went wrong on the page so far, but that a connection was lost. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        transport.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(DEADLINE_S, TimeUnit.SECONDS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
