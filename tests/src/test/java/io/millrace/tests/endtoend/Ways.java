package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** All ways of driving that the JDK has, and with schemes. */
final class Ways {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private Ways() {}

    static Stream<Arguments> all() {
        return all("tcp", "tls", "unix");
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
