package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * All ways of driving that the JDK has, and with schemes: those that run in any JVM, or those that
 * {@code millrace.schemes} names, for schemes that take a JVM of their own.
 */
final class Ways {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final String GIVEN = System.getProperty("millrace.schemes", "");

    private Ways() {}

    /** {@code memory} is a scheme that the library does not bring. */
    static Stream<Arguments> all() {
        return all("tcp", "tls", "unix", "memory");
    }

    static Stream<Arguments> all(final String... schemes) {
        return drivings().flatMap(driving -> schemes(schemes).map(scheme -> Arguments.of(driving, scheme)));
    }

    /** Those, unless others are given. */
    static Stream<String> schemes(final String... schemes) {
        return Arrays.stream(GIVEN.isEmpty() ? schemes : GIVEN.split(","));
    }

    /** Where nobody listens yet. */
    static URI anywhere(final String scheme, final Path folder) {
        return URI.create(
                switch (scheme) {
                    case "unix" -> "unix:" + folder.resolve("s");
                    case "aeron:ipc" -> scheme;
                    case "aeron:udp" -> scheme + "?endpoint=localhost:0";
                    default -> scheme + "://localhost:0";
                });
    }

    static Stream<Driving> drivings() {
        return Arrays.stream(Driving.values())
                .filter(driving -> driving != Driving.VIRTUAL_THREAD || hasVirtualThreads());
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
    }
}
