package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** All ways of driving that the JDK has, and with all schemes. */
final class Ways {
    private static final List<String> SCHEMES = List.of("tcp", "tls", "unix");
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private Ways() {}

    static Stream<Arguments> all() {
        return drivings().flatMap(driving -> SCHEMES.stream().map(scheme -> Arguments.of(driving, scheme)));
    }

    static Stream<Driving> drivings() {
        return Arrays.stream(Driving.values())
                .filter(driving -> driving != Driving.VIRTUAL_THREAD || hasVirtualThreads());
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
    }
}
