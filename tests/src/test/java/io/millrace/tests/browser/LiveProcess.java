package io.millrace.tests.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The demo with its live page, in a process of its own, as a user starts it. */
final class LiveProcess implements AutoCloseable {
    private static final long DEADLINE_S = 60;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Pattern URL = Pattern.compile("(?m)^Live page: (https?://127\\.0\\.0\\.1:\\d+/)");

    private final Process process;
    private final AtomicReference<String> said = new AtomicReference<>("");
    private final Thread reader = new Thread(this::read);
    private final HttpClient client;
    private final URI uri;

    LiveProcess(final String live, final int port, final Path input) throws Exception {
        client = HttpClient.newBuilder().sslContext(trustingAll()).build();
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Ddemo.live=" + live,
                        "-Ddemo.port=" + port,
                        "-Ddemo.seconds=300",
                        "-Ddemo.input=" + input,
                        "io.millrace.jmh.demo.Demo"))
                .redirectErrorStream(true)
                .start();
        reader.setDaemon(true);
        reader.start();
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        Matcher matcher = URL.matcher(said.get());
        while (!matcher.find()) {
            assertTrue(System.nanoTime() - deadline < 0 && process.isAlive(), "no live page: " + said);
            LockSupport.parkNanos(LOOK_NS);
            matcher = URL.matcher(said.get());
        }
        uri = URI.create(matcher.group(1));
    }

    /** The demo's certificate is its own, and another one each time. */
    private static SSLContext trustingAll() throws GeneralSecurityException {
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(final X509Certificate[] chain, final String type) {}

                        @Override
                        public void checkServerTrusted(final X509Certificate[] chain, final String type) {}

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                null);
        return context;
    }

    private void read() {
        final byte[] buffer = new byte[4096];
        try (InputStream in = process.getInputStream()) {
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                final String more = new String(buffer, 0, bytes, StandardCharsets.UTF_8);
                said.updateAndGet(before -> before + more);
            }
        } catch (final IOException ignored) {
            // It has ended.
        }
    }

    URI uri() {
        return uri;
    }

    /** What the server has counted by now. */
    JsonObject health() throws Exception {
        return JsonParser.parseString(client.send(
                                HttpRequest.newBuilder(uri.resolve("health")).build(), BodyHandlers.ofString())
                        .body())
                .getAsJsonObject();
    }

    /** Ends it as Ctrl-C does, and answers all that it has said. By its handle: the process itself would close what it is read by. */
    String end() throws InterruptedException {
        process.toHandle().destroy();
        assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), "it does not end: " + said);
        reader.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
        return said.get();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
