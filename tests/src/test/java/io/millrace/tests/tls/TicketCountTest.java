package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.tests.structure.ForkedJvm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's setting for the number of tickets, as TlsContext describes it. */
class TicketCountTest {
    private static final int FIRST_JDK_WITH_A_COUNT = 24;

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void shouldResumeByOneSlotForEachConnectionHoweverManyTicketsTheServerSends(final int tickets) throws Exception {
        final ForkedJvm child = ForkedJvm.run(
                Duration.ofSeconds(60),
                List.of(
                        "-Djdk.tls.server.newSessionTicketCount=" + tickets,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TicketCount.class.getName()));
        assertEquals(0, child.exitStatus(), child.errors());
        final boolean none = tickets == 0 && Runtime.version().feature() >= FIRST_JDK_WITH_A_COUNT;
        assertEquals(
                none ? "put=0 resumed=0" : "put=" + TicketCount.ROUNDS + " resumed=" + (TicketCount.ROUNDS - 1),
                child.output().strip());
    }
}
