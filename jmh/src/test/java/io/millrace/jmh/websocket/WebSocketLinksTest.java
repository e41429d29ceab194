package io.millrace.jmh.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.jmh.connection.Arrivals;
import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Payload;
import io.millrace.jmh.connection.RoundTrips;
import io.millrace.jmh.connection.Security;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every peer does its work before it is measured. Java-WebSocket and Jetty over TLS do it in the benchmarks alone: Java-WebSocket
 * once left an echo of 50 unanswered, which is its affair, but would fail this build.
 */
@Timeout(120)
class WebSocketLinksTest {
    private static final int MESSAGES = 2_000;
    private static final int TRIPS = 50;

    @ParameterizedTest
    @CsvSource({
        "baseline-java-websocket, ws",
        "baseline-jetty, ws",
        "baseline-netty-nio, ws",
        "baseline-netty-nio-best, wss",
        "millrace, ws",
        "millrace-binary, wss"
    })
    void shouldCarryEveryMessageAndEcho(final String peer, final String scheme) throws Exception {
        final Security security = WebSocketLinks.security(scheme);
        carry(WebSocketLinks.of(peer, security));
        final RoundTrips trips = new RoundTrips(64);
        try (Link link = WebSocketLinks.of(peer, security).open(Link.Receiver.ECHO, trips)) {
            trips.run(link.sender(), TRIPS);
        }
        assertEquals(TRIPS, trips.histogram().getTotalCount());
    }

    private static void carry(final Link.Factory factory) throws Exception {
        final int length = 1_001;
        final Arrivals arrivals = new Arrivals(1, length);
        final Payload payload = new Payload(0, length);
        try (Link link = factory.open(arrivals, (buffer, offset, bytes, reply) -> {})) {
            final Link.Sender sender = link.sender();
            while (payload.count() < MESSAGES) {
                if (sender.offer(payload.stamped(), 0, length)) {
                    payload.sent();
                } else {
                    Thread.yield();
                }
            }
            link.flush();
            arrivals.await(MESSAGES);
        }
        assertEquals(MESSAGES, arrivals.count());
    }

    @Test
    void shouldNameThePeerThatDoesNotExist() {
        final Exception ex =
                assertThrows(IllegalArgumentException.class, () -> WebSocketLinks.of("tin-can", Security.PLAIN));
        assertEquals("no such peer: peer=tin-can", ex.getMessage());
    }
}
