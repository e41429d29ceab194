package io.millrace.tests.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process: its exit status is what a build sees. */
class DemoProcessTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private static ForkedJvm demo(final Path input) throws Exception {
        return ForkedJvm.run(
                DEADLINE,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Ddemo.seconds=1",
                        "-Ddemo.input=" + input,
                        "io.millrace.jmh.demo.Demo"));
    }

    @Test
    void shouldLoseNothingAndExitWithZero() throws Exception {
        Files.writeString(folder.resolve("input.txt"), "one\ntwo\n\nfour");
        final ForkedJvm child = demo(folder);
        assertEquals(0, child.exitStatus(), child.toString());
        assertEquals("", child.errors());
        assertTrue(child.output().contains("4 records of 1 text file,"), child.output());
        assertTrue(child.output().matches("(?s).*\nlost +0 +0\n.*"), child.output());
        assertTrue(child.output().matches("(?s).*\ncorrupted +0 +0\n.*"), child.output());
    }

    @Test
    void shouldExitWithOneAndOneSentenceWhenTheInputIsMissing() throws Exception {
        final Path missing = folder.resolve("missing");
        final ForkedJvm child = demo(missing);
        assertEquals(new ForkedJvm(1, "The input " + missing + " does not exist or cannot be read.\n", ""), child);
    }

    @Test
    void shouldExitWithOneAndOneSentenceWhenTheInputIsEmpty() throws Exception {
        Files.write(folder.resolve("binary"), new byte[100]);
        Files.createFile(folder.resolve("empty"));
        final ForkedJvm child = demo(folder);
        assertEquals(new ForkedJvm(1, "The input " + folder + " holds no line of text.\n", ""), child);
    }

    private ForkedJvm livePage(final String live) throws Exception {
        Files.writeString(folder.resolve("input.txt"), "one\ntwo\n\nfour");
        return ForkedJvm.run(
                DEADLINE,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Ddemo.live=" + live,
                        "-Ddemo.port=0",
                        "-Ddemo.seconds=1",
                        "-Ddemo.input=" + folder,
                        "io.millrace.jmh.demo.Demo"));
    }

    @Test
    void shouldServeTheLivePageForItsTimeAndTellOfItInTwoLines() throws Exception {
        final ForkedJvm child = livePage("true");
        assertEquals(0, child.exitStatus(), child.toString());
        assertEquals("", child.errors());
        final List<String> lines = child.output().lines().toList();
        assertEquals(2, lines.size(), child.output());
        assertTrue(
                lines.get(0).matches("Live page: http://127\\.0\\.0\\.1:[0-9]+/  \\(Ctrl-C ends it\\)"), lines.get(0));
        assertTrue(lines.get(1).matches("[0-9,]+ messages received, .*; lost 0, corrupted 0"), lines.get(1));
    }

    @Test
    void shouldExitWithOneAndOneSentenceWhenTheKindOfLivePageIsUnknown() throws Exception {
        assertEquals(new ForkedJvm(1, "demo.live must be empty, ws or tls, not quic.\n", ""), livePage("quic"));
    }
}
