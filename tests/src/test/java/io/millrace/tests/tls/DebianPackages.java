package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Other people's programs: found, or installed from Debian's packages if the build may do that, or else missed aloud. */
public final class DebianPackages {
    private static final long INSTALL_S = 90;

    private DebianPackages() {}

    /** Skips the test that needs a program which is not there and can't be installed. */
    public static void assumeThere(final String program, final String debianPackage) throws Exception {
        if (!isThere(program) && Boolean.getBoolean("millrace.interop.install")) {
            install(debianPackage);
        }
        assumeTrue(
                isThere(program),
                () -> "SKIPPED: there is no " + program + " to talk to: apt-get install " + debianPackage);
    }

    /** Skips the test that needs a command to succeed, which it may do once a package is installed. */
    public static void assumeRuns(final List<String> command, final String debianPackage) throws Exception {
        if (!runs(command) && Boolean.getBoolean("millrace.interop.install")) {
            install(debianPackage);
        }
        assumeTrue(runs(command), () -> "SKIPPED: " + command + " does not succeed: apt-get install " + debianPackage);
    }

    private static boolean runs(final List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException ex) {
            return false;
        }
    }

    private static boolean isThere(final String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static void install(final String debianPackage) throws InterruptedException {
        try {
            final Process process = new ProcessBuilder(
                            List.of("apt-get", "install", "-y", "-q", "--no-install-recommends", debianPackage))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(INSTALL_S, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (final IOException ex) {
            System.out.println("no apt-get here: " + ex.getMessage());
        }
    }
}
