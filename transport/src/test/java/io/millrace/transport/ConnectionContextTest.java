package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionContextTest {
    static Stream<Arguments> badValues() {
        return Stream.of(
                bad(c -> c.maxMessageLength(0), "maxMessageLength=0"),
                bad(c -> c.maxMessageLength(256 * 1024 * 1024 + 1), "maxMessageLength=268435457"),
                bad(c -> c.outboundCapacity(1000), "outboundCapacity=1000"),
                bad(c -> c.outboundCapacity(512), "outboundCapacity=512"),
                bad(c -> c.pullCapacity(1000), "pullCapacity=1000"),
                bad(c -> c.pullCapacity(512), "pullCapacity=512"),
                bad(c -> c.pullCapacity(-1), "pullCapacity=-1"),
                bad(
                        c -> c.maxMessageLength(1024).pullCapacity(1024).conclude(),
                        "pullCapacity=1024 maxMessageLength=1024"),
                bad(c -> c.halfCloseTimeoutNs(-1), "halfCloseTimeoutNs=-1"),
                bad(c -> new IdleContext().readIdleTimeoutNs(-1), "readIdleTimeoutNs=-1"),
                bad(c -> new IdleContext().writeIdleTimeoutNs(-1), "writeIdleTimeoutNs=-1"),
                bad(c -> new IdleContext().idleTimeoutNs(-1), "idleTimeoutNs=-1"),
                bad(c -> new IdleContext().heartbeatIntervalNs(-1), "heartbeatIntervalNs=-1"),
                bad(c -> new IdleContext().heartbeatMissedLimit(0), "heartbeatMissedLimit=0"),
                bad(c -> new IdleContext().bufferIdleTimeoutNs(-1), "bufferIdleTimeoutNs=-1"),
                bad(c -> c.connectTimeoutNs(0), "connectTimeoutNs=0"),
                bad(c -> c.handshakeTimeoutNs(-1), "handshakeTimeoutNs=-1"),
                bad(c -> c.closeTimeoutNs(0), "closeTimeoutNs=0"),
                bad(c -> c.maxMessageLength(1024).outboundCapacity(1024).conclude(), "maxMessageLength=1024"));
    }

    private static Arguments bad(final Consumer<ConnectionContext> setter, final String value) {
        return Arguments.of(setter, value);
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void shouldNameTheValueWhenItIsOutOfRange(final Consumer<ConnectionContext> setter, final String value) {
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> setter.accept(new ConnectionContext()));
        assertTrue(failure.getMessage().contains(value), failure.getMessage());
    }

    @Test
    void shouldFreezeWhenConcluded() {
        final ConnectionContext context =
                new ConnectionContext().closeTimeoutNs(7).conclude();
        context.conclude();
        assertThrows(IllegalStateException.class, () -> context.closeTimeoutNs(8));
        assertEquals(7, context.closeTimeoutNs());
        assertThrows(IllegalStateException.class, () -> context.idleContext().idleTimeoutNs(8));
    }
}
