package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLogTest {
    @TempDir
    private Path folder;

    private StepLog log(final String text) throws Exception {
        return StepLog.read(Files.writeString(folder.resolve("a.log"), text, StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldFindNothingWhereAllWasMeasured() throws Exception {
        final StepLog log = log("# Parameters: (peer = a)\nIteration 1: 5 ops/s\n\nbytes: \u00ff\nlast\n");
        assertEquals("", log.failures());
        assertEquals("Iteration 1: 5 ops/s / bytes: \u00ff / last", log.reason());
    }

    @Test
    void shouldNameTheBenchmarkThatFailedWhenJmhGoesOn() throws Exception {
        final StepLog log = log("""
                # Parameters: (peer = good)
                Iteration 1: 5 ops/s
                # Parameters: (peer = lossy)
                <failure>

                java.lang.IllegalStateException: lost=1
                \tat somewhere
                # Parameters: (peer = mute)
                <failure>
                """);
        assertEquals(
                "(peer = lossy): java.lang.IllegalStateException: lost=1 / (peer = mute): no reason", log.failures());
        assertEquals(log.failures(), log.reason());
    }

    @Test
    void shouldRepeatWhatARigSaidOnce() throws Exception {
        assertEquals(
                "a plain not measured: 3 / b not measured: 4",
                log("x\na plain not measured: 3\nb not measured: 4\na plain not measured: 3\ny\n")
                        .failures());
        assertEquals("", log("").reason());
    }
}
