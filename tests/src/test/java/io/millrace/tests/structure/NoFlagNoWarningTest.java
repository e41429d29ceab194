package io.millrace.tests.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NoFlagNoWarningTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final List<LibraryModule> modules = LibraryModule.all();
    private final List<Path> library = LibraryModule.path();
    private final Path tests = LibraryModule.locationOf(LoadEveryClass.class);

    @Test
    void shouldLoadEveryClassOnClassPath() throws Exception {
        final List<Path> classPath = new ArrayList<>(library);
        classPath.add(tests);

        final ForkedJvm child = load("-cp", path(classPath));

        assertQuiet(child);
        assertEquals(modulesOf(module -> "null"), child.output());
    }

    @Test
    void shouldLoadEveryClassOnModulePath() throws Exception {
        final ForkedJvm child = load(
                "-p",
                path(library),
                "--add-modules",
                String.join(",", modules.stream().map(LibraryModule::name).toList()),
                "-cp",
                tests.toString());

        assertQuiet(child);
        assertEquals(modulesOf(LibraryModule::name), child.output());
    }

    @Test
    void shouldReportWarningAndStatusOfChild() throws Exception {
        final ForkedJvm child = ForkedJvm.run(DEADLINE, List.of("-cp", tests.toString(), Failing.class.getName()));

        assertEquals(new ForkedJvm(3, "", "a warning"), child);
    }

    @Test
    void shouldKillChildAtDeadline() {
        assertThrows(
                AssertionError.class,
                () -> ForkedJvm.run(Duration.ofMillis(300), List.of("-cp", tests.toString(), Endless.class.getName())));
    }

    private ForkedJvm load(final String... flags) throws Exception {
        final List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.add(LoadEveryClass.class.getName());
        modules.forEach(module -> arguments.addAll(module.classNames()));
        return ForkedJvm.run(DEADLINE, arguments);
    }

    private String modulesOf(final Function<LibraryModule, String> name) {
        final StringBuilder text = new StringBuilder();
        modules.forEach(module -> module.classNames()
                .forEach(ignore -> text.append(name.apply(module)).append(System.lineSeparator())));
        return text.toString();
    }

    private static void assertQuiet(final ForkedJvm child) {
        assertEquals("", child.errors());
        assertEquals(0, child.exitStatus());
    }

    private static String path(final List<Path> entries) {
        return String.join(
                File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    static final class Failing {
        private Failing() {}

        public static void main(final String[] args) {
            System.err.print("a warning");
            System.exit(3);
        }
    }

    static final class Endless {
        private Endless() {}

        public static void main(final String[] args) {
            while (true) {
                LockSupport.park();
            }
        }
    }
}
