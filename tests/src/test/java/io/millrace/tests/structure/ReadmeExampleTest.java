package io.millrace.tests.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles and runs as a user would run it: on the class path, without a flag, in silence. */
class ReadmeExampleTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerHelloWithoutAFlagOrAWarning() throws Exception {
        final Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("..", "README.md")));
        assertTrue(block.find(), "the README has an example");
        final Path source = Files.writeString(folder.resolve("Example.java"), block.group(1));
        final String libraries =
                LibraryModule.path().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));

        final int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", libraries, "-d", folder.toString(), source.toString());
        assertEquals(0, status, "the example compiles");

        final ForkedJvm child =
                ForkedJvm.run(DEADLINE, List.of("-cp", libraries + File.pathSeparator + folder, "Example"));
        assertEquals(new ForkedJvm(0, "hello" + System.lineSeparator(), ""), child);
    }
}
