package io.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JvmsTest {
    /** Starts another one, says its number, and sleeps, as that one does. */
    public static final class Sleeper {
        private Sleeper() {}

        @SuppressWarnings("SystemOut") // The test reads it.
        public static void main(final String[] args) throws Exception {
            if (args.length > 0) {
                final Process child = new ProcessBuilder(Jvms.command(List.of(), Sleeper.class.getName())).start();
                System.out.println(child.pid());
            }
            Thread.sleep(TimeUnit.MINUTES.toMillis(10));
        }
    }

    private static Process start(final String... args) throws IOException {
        final List<String> command = Jvms.command(List.of("-Xmx64m"), Sleeper.class.getName());
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private static ProcessHandle child(final Process process) throws IOException {
        try (var lines = process.inputReader()) {
            return ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
        }
    }

    private static void assertEnds(final ProcessHandle process) throws Exception {
        process.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(process.isAlive());
    }

    @Test
    void shouldEndWhatAProcessHasStartedWhenItsTimeIsOver() throws Exception {
        final Process process = start("with a child");
        final ProcessHandle child = child(process);
        assertFalse(Jvms.await(process, 0));
        assertEnds(process.toHandle());
        assertEnds(child);
    }

    @Test
    void shouldEndItWhenTheWaiterIsInterrupted() throws Exception {
        final Process process = start();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Jvms.await(process, 60));
        assertEnds(process.toHandle());
    }

    @Test
    void shouldAnswerWhenItHasEnded() throws Exception {
        final List<String> command = Jvms.command(List.of("-Xmx64m"), "no.such.Main");
        final Process process = new ProcessBuilder(command).start();
        assertTrue(Jvms.await(process, 60));
        assertEquals(1, process.exitValue());
    }
}
