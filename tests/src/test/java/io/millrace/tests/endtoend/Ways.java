package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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

    /** Where Aeron is among the schemes, by a driver that these tests share. */
    static TransportContext withSharedDriver(final TransportContext context) {
        return GIVEN.contains("aeron") ? context.messageScheme(SharedDriver.SCHEME) : context;
    }

    /** With a driver that doesn't wait for long for somebody who may not listen. */
    static TransportContext impatient(final TransportContext context) {
        return context.messageScheme(
                new AeronScheme(new AeronContext().listenerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500))));
    }

    /** Loaded only where the JVM has Aeron's flag. */
    private static final class SharedDriver {
        static final AeronScheme SCHEME = new AeronScheme();

        /** Holds on to the driver, so that it doesn't come and go with each test. */
        static Transport hold() {
            final Transport holder = new Transport(new TransportContext().messageScheme(SCHEME));
            holder.listen(URI.create("aeron:ipc?stream-id=1"), () -> (connection, buffer, offset, length) -> {});
            return holder;
        }
    }

    /** The driver of {@link #withSharedDriver}, for as long as it is open. */
    static AutoCloseable sharedDriver() {
        return GIVEN.contains("aeron") ? SharedDriver.hold() : () -> {};
    }

    static Stream<Driving> drivings() {
        return Arrays.stream(Driving.values())
                .filter(driving -> driving != Driving.VIRTUAL_THREAD || hasVirtualThreads());
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
    }
}
