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
        assertTrue(child.output().contains("4 records of 1 text files"), child.output());
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
}
