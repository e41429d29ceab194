package io.millrace.jmh.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every peer does its work before it is measured. */
@Timeout(120)
class LinksTest {
    private static final int MESSAGES = 2_000;
    private static final int TRIPS = 100;

    @ParameterizedTest
    @CsvSource({
        "baseline-netty-nio, PLAIN",
        "baseline-netty-epoll, PLAIN",
        "baseline-netty-uring, PLAIN",
        "baseline-netty-nio-best, PLAIN",
        "baseline-netty-epoll-best, PLAIN",
        "baseline-aeron-ipc, PLAIN",
        "baseline-aeron-udp-best, PLAIN",
        "baseline-socket, PLAIN",
        "baseline-socket-streams-buffered, PLAIN",
        "baseline-socket-buffered, PLAIN",
        "millrace, PLAIN",
        "millrace-pull, PLAIN",
        "baseline-netty-nio, TLS",
        "baseline-netty-epoll-tcnative, TLS",
        "baseline-netty-epoll-tcnative-best, TLS",
        "baseline-socket, TLS",
        "baseline-socket-buffered, TLS",
        "millrace, TLS"
    })
    void shouldCarryEveryMessage(final String peer, final Security security) throws Exception {
        assumeLoads(peer);
        final int length = 1_001;
        final Arrivals arrivals = new Arrivals(1, length);
        final Payload payload = new Payload(0, length);
        try (Link link = Links.of(peer, security).open(arrivals, (buffer, offset, bytes, reply) -> {})) {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline-aeron-ipc-best",
                "baseline-aeron-ipc-backoff",
                "baseline-aeron-udp",
                "baseline-netty-nio",
                "baseline-netty-uring",
                "baseline-socket-spinning",
                "baseline-socket-streams",
                "millrace",
                "millrace-parking",
                "millrace-spinning",
                "millrace-pull"
            })
    void shouldTimeEveryRoundTrip(final String peer) throws Exception {
        assumeLoads(peer);
        final RoundTrips trips = new RoundTrips(64);
        try (Link link = Links.of(peer, Security.PLAIN).open(Link.Receiver.ECHO, trips)) {
            trips.run(link.sender(), TRIPS);
        }
        assertEquals(TRIPS, trips.histogram().getTotalCount());
    }

    @Test
    void shouldFailTheRunWhenPayloadIsWrong() throws Exception {
        final Arrivals arrivals = new Arrivals(1, 100);
        final Payload payload = new Payload(0, 100);
        try (Link link =
                Links.of("baseline-socket", Security.PLAIN).open(arrivals, (buffer, offset, bytes, reply) -> {})) {
            payload.sent();
            link.sender().offer(payload.stamped(), 0, 100);
            assertThrows(IllegalStateException.class, () -> arrivals.await(1));
        }
    }

    @Test
    void shouldNameThePeerThatDoesNotExist() {
        final Exception ex = assertThrows(IllegalArgumentException.class, () -> Links.of("tin-can", Security.PLAIN));
        assertEquals("no such peer: peer=tin-can", ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"baseline-netty-nio-tcnative, PLAIN", "baseline-netty-nio-fast, TLS", "baseline-aeron-ipc, TLS"})
    void shouldRefuseWhatThePeerHasNot(final String peer, final Security security) {
        final Exception ex = assertThrows(IllegalArgumentException.class, () -> Links.of(peer, security));
        assertTrue(ex.getMessage().contains(security.name()), ex.getMessage());
    }

    private static void assumeLoads(final String peer) {
        assumeTrue(!peer.contains("uring") || IoUring.isAvailable(), "io_uring does not load here");
        assumeTrue(!peer.contains("epoll") || Epoll.isAvailable(), "epoll does not load here");
    }
}
