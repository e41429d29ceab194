package io.millrace.jmh.connection;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A benchmark whose link loses a message, or doubles one, fails. */
@Timeout(120)
class LosingLinkTest {
    private static final String PEER = "baseline-socket-buffered";

    /** Says of one message that it was sent, and does not send it, or sends it twice. */
    private record Faulty(Link link, long at, int copies, AtomicLong sent) implements Link {
        @Override
        public Sender sender() {
            final Sender sender = link.sender();
            return (source, offset, length) -> {
                final int times = sent.incrementAndGet() == at ? copies : 1;
                for (int i = 0; i < times; i++) {
                    sender.offer(source, offset, length);
                }
                return true;
            };
        }

        @Override
        public void flush() throws IOException {
            link.flush();
        }

        @Override
        public void close() throws IOException {
            link.close();
        }
    }

    private static OneWayHarness harness(final long at, final int copies) {
        final OneWayHarness harness = new OneWayHarness() {
            @Override
            protected Link.Factory peer() {
                return (server, client) ->
                        new Faulty(Links.of(PEER, Security.PLAIN).open(server, client), at, copies, new AtomicLong());
            }
        };
        harness.length = 100;
        harness.senders = 2;
        return harness;
    }

    private static void run(final OneWayHarness harness) throws Exception {
        harness.start();
        harness.rebase();
        harness.receive();
        harness.stop();
    }

    @Test
    void shouldPassWhenNothingIsLost() throws Exception {
        run(harness(-1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void shouldFailWhenAMessageIsLostOrDoubled(final int copies) {
        final OneWayHarness harness = harness(1_000, copies);
        final Exception ex = assertThrows(IllegalStateException.class, () -> run(harness));
        assertTrue(ex.getCause().getMessage().startsWith("lost, torn or out of order"), ex.toString());
    }
}
