package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another implementation in a process of its own, to whom lines are said and whose words are waited for. */
public final class Peer implements AutoCloseable {
    private static final long DEADLINE_S = 30;

    private final Process process;
    private final AtomicReference<String> said = new AtomicReference<>("");

    private Peer(final Path directory, final List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        final Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    public static Peer of(final Path directory, final String... command) throws IOException {
        return new Peer(directory, List.of(command));
    }

    static Peer openssl(final Path directory, final String arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        return new Peer(directory, command);
    }

    static boolean isOpensslThere() {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (final IOException ex) {
            return false;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void read() {
        final byte[] buffer = new byte[4096];
        try (InputStream in = process.getInputStream()) {
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                final String more = new String(buffer, 0, bytes, StandardCharsets.ISO_8859_1);
                said.updateAndGet(before -> before + more);
            }
        } catch (final IOException ignored) {
            // It has been ended.
        }
    }

    void say(final String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().flush();
    }

    /** Waits for a pattern in all that was said so far, and answers what it has in brackets. */
    public String await(final String regex) {
        final Pattern pattern = Pattern.compile(regex);
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (true) {
            final Matcher matcher = pattern.matcher(said.get());
            if (matcher.find()) {
                return matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
            }
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> regex + " not in:\n" + said.get());
            Thread.onSpinWait();
        }
    }

    /** All that it has said. */
    @Override
    public String toString() {
        return said.get();
    }

    /** Ends its input, which ends a client. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
