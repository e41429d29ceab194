package io.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.load.LoadRig;
import io.millrace.jmh.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can't be measured is said in one line, and the rest runs: the commands as users start them. */
@Timeout(120)
class BadInputTest {
    private static final String NO_NATIVES = "-Dio.netty.transport.noNative=true";
    private static final List<String> ONE_GLANCE =
            List.of("-p", "senders=1", "-p", "length=100", "-f", "0", "-wi", "0", "-i", "1", "-r", "100ms");

    @TempDir
    private Path folder;

    private record Said(int status, String text) {
        /** The lines that contain it. */
        long lines(final String part) {
            return text.lines().filter(line -> line.contains(part)).count();
        }
    }

    private Said run(final List<String> flags, final Class<?> main, final List<String> args)
            throws IOException, InterruptedException {
        final List<String> command = Jvms.command(flags, main.getName());
        command.addAll(args);
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("DISPLAY");
        builder.environment().remove("WAYLAND_DISPLAY");
        final Path log = folder.resolve("said.txt");
        final Process process = builder.redirectOutput(log.toFile()).start();
        assertTrue(Jvms.await(process, 100), () -> "not ended: " + command);
        return new Said(process.exitValue(), Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    private Said benchmarks(final List<String> flags, final String... patterns)
            throws IOException, InterruptedException {
        final List<String> args = new ArrayList<>(List.of(patterns));
        args.addAll(ONE_GLANCE);
        final List<String> all = new ArrayList<>(List.of("-Djmh.ignoreLock=true"));
        all.addAll(flags);
        return run(all, Benchmarks.class, args);
    }

    @Test
    void shouldRunTheRestWhenABenchmarkIsUnknown() throws Exception {
        final Said said = benchmarks(List.of(), "OneWaz", "OneWay.receive", "-p", "peer=baseline-socket");
        assertEquals(0, said.status(), said.text());
        assertEquals(1, said.lines("no such benchmark: OneWaz (there are "), said.text());
        assertTrue(said.text().contains("Run complete"), said.text());
        final Said nothing = benchmarks(List.of(), "OneWaz");
        assertEquals(1, nothing.status(), nothing.text());
        assertEquals(1, nothing.text().lines().count(), nothing.text());
    }

    @Test
    void shouldRunTheRestWhenANativePeerDoesNotLoad() throws Exception {
        final Said said =
                benchmarks(List.of(NO_NATIVES), "OneWay.receive", "-p", "peer=baseline-netty-epoll,baseline-socket");
        assertEquals(0, said.status(), said.text());
        assertEquals(1, said.lines("not available here: peer=epoll ("), said.text());
        assertEquals(1, said.lines("its rows fail, the rest runs"), said.text());
        assertTrue(said.text().matches("(?s).*\\nOneWay.receive +100 +baseline-socket .*"), said.text());
        assertFalse(said.text().matches("(?s).*\\nOneWay.receive +100 +baseline-netty.*"), said.text());
    }

    @Test
    void shouldMeasureTheOthersWhenTheRigsPeerDoesNotLoad() throws Exception {
        final Said said = run(
                List.of(),
                LoadRig.class,
                List.of(
                        "--peer=baseline-netty-epoll,baseline-socket",
                        "--rate=100",
                        "--warm-up=0",
                        "--seconds=1",
                        "--jvm-args=" + NO_NATIVES));
        assertEquals(1, said.status(), said.text());
        assertEquals(1, said.lines("not measured: not available here: peer=netty-epoll ("), said.text());
        assertEquals(1, said.lines("baseline-socket plain"), said.text());
    }

    @Test
    void shouldSayThatCoresAreTooFewAndRun() throws Exception {
        final Said said =
                benchmarks(List.of("-XX:ActiveProcessorCount=1"), "OneWay.receive", "-p", "peer=baseline-socket");
        assertEquals(0, said.status(), said.text());
        assertEquals(1, said.lines("Warning: too few cores: cores=1"), said.text());
        assertTrue(said.text().contains("Run complete"), said.text());
    }

    @Test
    void shouldWriteThePageWithoutADisplay() throws Exception {
        Files.createDirectories(folder.resolve("raw"));
        final Said said = run(List.of(), Report.class, List.of("--render-only", "--out", folder.toString()));
        assertEquals(0, said.status(), said.text());
        assertTrue(Files.size(folder.resolve("index.html")) > 0);
        assertEquals("The page: " + folder.resolve("index.html"), said.text().trim());
    }

    @Test
    void shouldSayThatTheMachineIsBusy() {
        final Environment idle = machine(2, 1.9);
        assertEquals(List.of(), idle.warnings());
        assertEquals(List.of(), machine(2, -1).warnings());
        assertEquals(
                List.of("Warning: the machine is busy: load=2.1 cores=2: figures will suffer."),
                machine(2, 2.1).warnings());
        assertEquals(2, machine(1, 3).warnings().size());
    }

    private static Environment machine(final int cores, final double load) {
        return new Environment("now", "a", "b", List.of(), "c", cores, 1, "d", load);
    }
}
