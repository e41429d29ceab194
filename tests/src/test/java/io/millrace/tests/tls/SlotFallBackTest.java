package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.tls.TlsContext;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a provider that can't keep sessions apart, its own cache says which are resumed, and the log says so once. */
class SlotFallBackTest {
    private static final String HOST = "a.example";
    private static final Logger LOGGER = Logger.getLogger("io.millrace.transport.tls.SlotProbe");

    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final Handler keeper = new Handler() {
        @Override
        public void publish(final LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(keeper);
    }

    @AfterEach
    void forget() {
        LOGGER.removeHandler(keeper);
        LOGGER.setUseParentHandlers(true);
    }

    @Test
    void shouldLeaveSessionsToTheProviderWhenItTakesNoHeedOfPorts() throws Exception {
        final TestAuthority authority = new TestAuthority("authority");
        final TlsContext server =
                new TlsContext().identity(authority.issue(HOST).identity()).conclude();
        // A name of its own, for what was found out about a provider is kept.
        final TlsContext client = new TlsContext()
                .trust(authority.trust())
                .provider(new PortBlindProvider("Blind" + System.nanoTime()))
                .conclude();
        for (int i = 0; i < 3; i++) {
            final TlsPair pair = new TlsPair(client.client(HOST, 443), server.server());
            assertEquals(i > 0, pair.settle().assertOpen().client.info().resumed(), "connection " + i);
        }
        assertEquals(0, client.resumptionStats().orElseThrow().tickets().put());
        final List<LogRecord> said = List.copyOf(records);
        assertEquals(1, said.size());
        assertTrue(
                said.get(0).getMessage().contains("provider=Blind"), said.get(0).getMessage());
    }
}
