package io.millrace.tests.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.tls.DebianPackages;
import io.millrace.tests.tls.Peer;
import io.millrace.transport.CloseReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Node's {@code ws} and Python's {@code websockets} at either end, by little scripts that speak as {@link Steps} do. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScriptPeersInteropTest {
    private static final long DEADLINE_S = 30;
    private static final long INSTALL_S = 120;
    private static final String WS = "ws@8.23.0";
    private static final String ALL_STEPS =
            List.of("text", "empty", "long", "again", "binary", "fragments", "ping").stream()
                    .map(step -> step + " ok\\s+")
                    .reduce("", String::concat);

    @TempDir
    static Path directory;

    private static SSLContext tls;

    @BeforeAll
    static void write() throws Exception {
        final SelfSignedCertificate certificate = SelfSignedCertificate.make();
        tls = certificate.context();
        pem("certificate.pem", "CERTIFICATE", certificate.certificate().getEncoded());
        pem("key.pem", "PRIVATE KEY", certificate.key().getEncoded());
        for (final String script : new String[] {"ws-peer.js", "ws-peer.py"}) {
            try (InputStream in = ScriptPeersInteropTest.class.getResourceAsStream(script)) {
                Files.write(directory.resolve(script), in.readAllBytes());
            }
        }
    }

    private static void pem(final String name, final String label, final byte[] bytes) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + label + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + label
                        + "-----\n");
    }

    static Stream<Arguments> ways() {
        final List<Arguments> all = new ArrayList<>();
        for (final String peer : new String[] {"node", "python"}) {
            for (int i = 0; i < 8; i++) {
                all.add(Arguments.of(peer, (i & 1) == 0 ? "ws" : "wss", (i & 2) != 0, (i & 4) == 0));
            }
        }
        return all.stream();
    }

    private static Peer start(final String peer, final String mode, final Object... arguments) throws Exception {
        final List<String> command = new ArrayList<>();
        if (peer.equals("node")) {
            command.addAll(List.of("node", "ws-peer.js", mode, ws()));
        } else {
            // Debian's, for that has the package; another may come first on the path.
            DebianPackages.assumeRuns(List.of("/usr/bin/python3", "-c", "import websockets"), "python3-websockets");
            command.addAll(List.of("/usr/bin/python3", "ws-peer.py", mode));
        }
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return Peer.of(directory, command.toArray(String[]::new));
    }

    /** The module's folder: installed beside the build, once. */
    private static String ws() throws Exception {
        DebianPackages.assumeThere("node", "nodejs");
        final Path folder = Path.of("target", "node").toAbsolutePath();
        final Path module = folder.resolve("node_modules").resolve("ws");
        if (!Files.exists(module) && Boolean.getBoolean("millrace.interop.install")) {
            DebianPackages.assumeThere("npm", "npm");
            Files.createDirectories(folder);
            final Process process = new ProcessBuilder(
                            "npm", "install", "--no-audit", "--no-fund", "--prefix", folder.toString(), WS)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(INSTALL_S, TimeUnit.SECONDS)) {
                process.destroy();
            }
        }
        assumeTrue(Files.exists(module), "SKIPPED: there is no ws to talk to: npm install " + WS);
        return module.toString();
    }

    @ParameterizedTest(name = "{0} {1} deflate={2} endsItself={3}")
    @MethodSource("ways")
    void shouldServe(final String peer, final String scheme, final boolean deflate, final boolean endsItself)
            throws Exception {
        final boolean secure = scheme.equals("wss");
        try (MillracePeer.Server server = new MillracePeer().serve(secure ? tls : null, deflate)) {
            final String uri = scheme + "://localhost:" + server.port() + "/";
            try (Peer client = secure
                    ? start(peer, "talk", uri, deflate, endsItself, "certificate.pem")
                    : start(peer, "talk", uri, deflate, endsItself)) {
                final String closed = client.await(ALL_STEPS + "closed (\\d+ \\w+)");
                final Echo.End end = server.last.ended.get(DEADLINE_S, TimeUnit.SECONDS);

                assertEquals(endsItself ? "4001 bye" : "3000 enough", closed);
                assertEquals(deflate, server.last.opened.join().isCompressed());
                assertEquals(endsItself ? 4001 : 3000, end.code());
                assertEquals(
                        endsItself ? CloseReason.PEER_CLOSE : CloseReason.LOCAL_CLOSE,
                        end.report().reason(),
                        end.report().detail());
            }
        }
    }

    @ParameterizedTest(name = "{0} {1} deflate={2} endsItself={3}")
    @MethodSource("ways")
    void shouldTalkTo(final String peer, final String scheme, final boolean deflate, final boolean endsItself)
            throws Exception {
        final boolean secure = scheme.equals("wss");
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        try (Peer server =
                secure ? start(peer, "serve", deflate, "certificate.pem", "key.pem") : start(peer, "serve", deflate)) {
            final URI uri = URI.create(scheme + "://localhost:" + server.await("port (\\d+)") + "/");
            try (io.millrace.tests.websocket.Peer.Talking talking =
                    new MillracePeer().talk(uri, secure ? tls : null, deflate, events)) {
                Steps.play(talking, events, endsItself);
            }
        }
    }
}
