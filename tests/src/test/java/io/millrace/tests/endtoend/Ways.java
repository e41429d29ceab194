package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** All ways of driving that the JDK has, and with schemes. */
final class Ways {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private Ways() {}

    /** {@code memory} is a scheme that the library does not bring. */
    static Stream<Arguments> all() {
        return all("tcp", "tls", "unix", "memory");
    }

    /** Where nobody listens yet. */
    static URI anywhere(final String scheme, final Path folder) {
        return URI.create(scheme.equals("unix") ? "unix:" + folder.resolve("s") : scheme + "://localhost:0");
    }

    static Stream<Arguments> all(final String... schemes) {
        return drivings().flatMap(driving -> Arrays.stream(schemes).map(scheme -> Arguments.of(driving, scheme)));
    }

    static Stream<Driving> drivings() {
        return Arrays.stream(Driving.values())
                .filter(driving -> driving != Driving.VIRTUAL_THREAD || hasVirtualThreads());
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
    }
}
