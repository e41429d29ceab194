package io.millrace.tests.structure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a child JVM of the running JDK did: its exit status and all that it wrote. */
public record ForkedJvm(int exitStatus, String output, String errors) {
    /** Blocks until the child ends; kills it and fails when it outlives the deadline. */
    public static ForkedJvm run(final Duration deadline, final List<String> arguments)
            throws IOException, InterruptedException {
        final Path output = Files.createTempFile("millrace", ".out");
        final Path errors = Files.createTempFile("millrace", ".err");
        try {
            final List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(arguments);

            final ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            // Flags from the environment would be announced on standard error, and are not the child's own.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));

            final Process child = builder.start();
            try {
                if (!child.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("child outlived deadline=" + deadline + " output="
                            + Files.readString(output) + " errors=" + Files.readString(errors));
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
            return new ForkedJvm(child.exitValue(), Files.readString(output), Files.readString(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
