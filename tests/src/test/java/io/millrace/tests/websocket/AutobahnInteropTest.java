package io.millrace.tests.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Autobahn test suite, which is not ours and not in this tree: {@code -Dmillrace.autobahn=COMMAND} names a copy that takes
 * {@code -m MODE -s SPECIFICATION -u 0} as its own {@code wstest} does. {@code -Dmillrace.autobahn.cases=1.*,2.*} plays some of
 * the cases alone. What came of it is written to {@code target/autobahn-server.txt} and {@code -client.txt}; {@code autobahn/} in
 * this module says what was seen last.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AutobahnInteropTest {
    private static final String COMMAND = System.getProperty("millrace.autobahn", "");
    private static final String CASES = System.getProperty("millrace.autobahn.cases", "*");
    private static final String AGENT = "Millrace";
    private static final long START_S = 30;
    private static final long CASE_S = 600;
    private static final List<String> GOOD = List.of("OK", "INFORMATIONAL");

    private static final Pattern RESULT = Pattern.compile(
            "\"(\\d+(?:\\.\\d+)+)\": \\{\\s*\"behavior\": \"([^\"]*)\",\\s*\"behaviorClose\": \"([^\"]*)\"");

    @TempDir
    Path directory;

    @BeforeEach
    void assumeACopyIsNamed() {
        assumeTrue(!COMMAND.isEmpty(), "SKIPPED: no copy of the Autobahn test suite named by -Dmillrace.autobahn");
    }

    private static WebSocketContext compressing() {
        return new WebSocketContext().deflate(new DeflateContext()).maxPingsPerSecond(100_000);
    }

    private static Transport transport() {
        return new Transport(new TransportContext().connectionContext(Echo.roomy()));
    }

    private Process suite(final String mode, final String peer) throws IOException {
        final String cases = "\"" + CASES.replace(",", "\", \"") + "\"";
        final Path specification = Files.writeString(
                directory.resolve(mode + ".json"),
                "{\"outdir\": \"" + directory + "\", " + peer + ", \"cases\": [" + cases
                        + "], \"exclude-cases\": [], \"exclude-agent-cases\": {}}");
        final List<String> command = new ArrayList<>(List.of(COMMAND.split(" ")));
        command.addAll(List.of("-m", mode, "-s", specification.toString(), "-u", "0"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(mode + ".log").toFile())
                .start();
    }

    /** Case by case: what became of it, and of its end. */
    private void assertAllGood(final String role) throws IOException {
        final Map<String, String> results = new TreeMap<>(Comparator.comparing(AutobahnInteropTest::sortable));
        final Matcher matcher = RESULT.matcher(Files.readString(directory.resolve("index.json")));
        while (matcher.find()) {
            results.put(matcher.group(1), matcher.group(2) + " / " + matcher.group(3));
        }
        final StringBuilder table = new StringBuilder("# case: what became of it / of its end\n");
        results.forEach(
                (id, result) -> table.append(id).append(": ").append(result).append('\n'));
        Files.writeString(Path.of("target", "autobahn-" + role + ".txt"), table);
        assertTrue(!results.isEmpty(), "no results");
        results.values().removeIf(result -> Stream.of(result.split(" / ")).allMatch(GOOD::contains));
        assertEquals(Map.of(), results);
    }

    /** 1.9 before 1.10. */
    private static String sortable(final String id) {
        return Pattern.compile("\\d+")
                .matcher(id)
                .replaceAll(number -> String.format("%04d", Integer.parseInt(number.group())));
    }

    @Test
    void shouldPassAllCasesAsAServer() throws Exception {
        try (Transport transport = transport()) {
            final int port = transport
                    .listen(URI.create("ws://127.0.0.1:0"), compressing(), Echo::new)
                    .address()
                    .getPort();
            final Process suite = suite(
                    "fuzzingclient",
                    "\"servers\": [{\"agent\": \"" + AGENT + "\", \"url\": \"ws://127.0.0.1:" + port + "\"}]");
            try {
                assertEquals(0, suite.waitFor(), () -> log("fuzzingclient"));
            } finally {
                suite.destroyForcibly();
            }
            assertAllGood("server");
        }
    }

    private String log(final String mode) {
        try {
            return Files.readString(directory.resolve(mode + ".log"));
        } catch (final IOException ex) {
            return ex.toString();
        }
    }

    @Test
    void shouldPassAllCasesAsAClient() throws Exception {
        final int port = freePort();
        final Process suite = suite("fuzzingserver", "\"url\": \"ws://127.0.0.1:" + port + "\"");
        try (Transport transport = transport()) {
            awaitListening(port, suite);
            final String base = "ws://127.0.0.1:" + port;
            final int cases = Integer.parseInt(ask(transport, base + "/getCaseCount"));
            for (int i = 1; i <= cases; i++) {
                final Echo echo = new Echo();
                transport
                        .connect(URI.create(base + "/runCase?case=" + i + "&agent=" + AGENT), compressing(), echo)
                        .thenCompose(webSocket -> echo.ended)
                        .get(CASE_S, TimeUnit.SECONDS);
            }
            ask(transport, base + "/updateReports?agent=" + AGENT);
        } finally {
            suite.destroyForcibly();
        }
        assertAllGood("client");
    }

    /** What the suite says on a path before it closes; empty if nothing. */
    private static String ask(final Transport transport, final String uri) throws Exception {
        final CompletableFuture<String> answer = new CompletableFuture<>();
        return transport
                .connect(URI.create(uri), new WebSocketContext(), new WebSocketHandler() {
                    private String said = "";

                    @Override
                    public void onText(
                            final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
                        said = WebSocketHandler.text(utf8, offset, length);
                    }

                    @Override
                    public void onClose(
                            final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
                        answer.complete(said);
                    }
                })
                .thenCompose(webSocket -> answer)
                .get(CASE_S, TimeUnit.SECONDS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening(final int port, final Process suite) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S);
        while (!isListening(port)) {
            assertTrue(suite.isAlive() && System.nanoTime() < deadline, () -> "not listening: " + log("fuzzingserver"));
            Thread.onSpinWait();
        }
    }

    private static boolean isListening(final int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (final IOException ex) {
            return false;
        }
    }
}
