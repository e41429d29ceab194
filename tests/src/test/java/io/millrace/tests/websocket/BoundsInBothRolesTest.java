package io.millrace.tests.websocket;

import static io.millrace.tests.websocket.BothRoles.CLOSE;
import static io.millrace.tests.websocket.BothRoles.DEADLINE_S;
import static io.millrace.tests.websocket.BothRoles.MAX_MESSAGE_LENGTH;
import static io.millrace.tests.websocket.BothRoles.PING;
import static io.millrace.tests.websocket.BothRoles.PONG;
import static io.millrace.tests.websocket.BothRoles.TEXT;
import static io.millrace.tests.websocket.BothRoles.hex;
import static io.millrace.tests.websocket.BothRoles.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.websocket.BothRoles.Ends;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleContext;
import io.millrace.transport.websocket.CloseCodes;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers can take of time and room, and how an end comes about, over real sockets: both of our roles. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundsInBothRolesTest {
    private final BothRoles roles = new BothRoles();

    @AfterEach
    void close() {
        roles.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayThatItGoesAwayWhenTheTransportIsClosed(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            final CompletableFuture<Void> closing = CompletableFuture.runAsync(roles.transport::close);
            final RawEnd.Frame farewell = ends.peer().receive();
            ends.peer().send(CLOSE, farewell.payload());
            ends.peer().endOutput();

            assertArrayEquals(hex("03e9"), farewell.payload());
            assertEquals(1001, ends.end().code());
            closing.get(DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    /** Bytes that nobody reads would reset the stream, and the code with it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayThatItFailedWhenTheHandlerThrowsThoughThePeerGoesOn(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer)) {
            final IllegalStateException bug = new IllegalStateException("a bug");
            ends.ours().onMessage = () -> {
                throw bug;
            };
            for (int i = 0; i < 100; i++) {
                ends.peer().send(0x82, new byte[MAX_MESSAGE_LENGTH]);
            }
            final RawEnd.Frame farewell = ends.peer().receive();
            ends.peer().endOutput();

            assertEquals(CLOSE, farewell.first());
            assertEquals(1011, farewell.code());
            assertEquals(CloseReason.HANDLER_ERROR, ends.end().report().reason());
            assertSame(bug, ends.end().report().firstError().orElseThrow());
        }
    }

    private static ConnectionContext impatient() {
        return settings().closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndInTimeWhenThePeerDoesNotAnswerTheCloseFrame(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer, impatient())) {
            ends.webSocket().close(4000, "enough");
            assertEquals(4000, ends.peer().receive().code());
            ends.peer().send(TEXT, (byte) 'x');

            assertEquals(CloseReason.LOCAL_CLOSE, ends.end().report().reason());
            assertEquals(CloseCodes.ABNORMAL, ends.end().code(), "the peer said nothing");
        }
    }

    /** A client leaves it to the server to end the stream, for a while. */
    @Test
    void shouldEndInTimeWhenTheServerAnswersTheCloseFrameAndDoesNotEndTheStream() throws Exception {
        try (Ends ends = roles.open(false, impatient())) {
            ends.webSocket().close(4000, "");
            ends.peer().send(CLOSE, ends.peer().receive().payload());

            assertEquals(CloseReason.LOCAL_CLOSE, ends.end().report().reason());
            assertEquals(4000, ends.end().code());
        }
    }

    private static ConnectionContext beating(final int missedLimit) {
        return settings()
                .idleContext(new IdleContext()
                        .heartbeatIntervalNs(TimeUnit.MILLISECONDS.toNanos(20))
                        .heartbeatMissedLimit(missedLimit));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCloseAtOneBeyondTheLimitWhenItsPingsAreNotAnswered(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer, beating(2))) {
            assertEquals(PING, ends.peer().receive().first());
            assertEquals(PING, ends.peer().receive().first());
            final RawEnd.Frame farewell = ends.peer().receive();

            assertEquals(CLOSE, farewell.first());
            assertEquals(1001, farewell.code());
            assertEquals(CloseReason.HEARTBEAT_LOST, ends.end().report().reason());
            assertEquals(-1, ends.webSocket().roundTripNs());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStayOpenAndMeasureWhenItsPingsAreAnswered(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer, beating(1_000))) {
            for (int i = 0; i < 5; i++) {
                final RawEnd.Frame ping = ends.peer().receive();
                assertEquals(PING, ping.first());
                ends.peer().send(PONG, ping.payload());
            }
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
            while (ends.webSocket().roundTripNs() < 0) {
                assertTrue(System.nanoTime() < deadline, "not measured");
                Thread.onSpinWait();
            }
            assertTrue(ends.webSocket().roundTripNs() < TimeUnit.SECONDS.toNanos(DEADLINE_S));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveUpInTimeThoughHeadersTrickle(final boolean isServer) throws Exception {
        final Echo echo = new Echo();
        final String start = isServer ? "GET / HTTP/1.1" : "HTTP/1.1 101 Switching Protocols";
        final ConnectionContext hasty = settings().handshakeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100));
        try (Socket slow = roles.bare(isServer, echo, hasty)) {
            final byte[] head = (start + "\r\n" + "A: a\r\n".repeat(90)).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < head.length && !echo.ended.isDone(); i++) {
                slow.getOutputStream().write(head[i]);
                awaitEnd(echo, 2);
            }
        } catch (final IOException ex) {
            // It was closed: as it should be.
        }
        final Echo.End end = echo.ended.get(DEADLINE_S, TimeUnit.SECONDS);
        assertEquals(CloseReason.UPGRADE_TIMEOUT, end.report().reason());
    }

    private static void awaitEnd(final Echo echo, final long ms) throws Exception {
        try {
            echo.ended.get(ms, TimeUnit.MILLISECONDS);
        } catch (final TimeoutException ex) {
            // Not yet.
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseWhenHeadersNeverEnd(final boolean isServer) throws Exception {
        final Echo echo = new Echo();
        final String start = isServer ? "GET / HTTP/1.1" : "HTTP/1.1 101 Switching Protocols";
        try (Socket bomber = roles.bare(isServer, echo, settings())) {
            final byte[] head = (start + "\r\n" + ("A: " + "a".repeat(4_000) + "\r\n").repeat(5))
                    .getBytes(StandardCharsets.US_ASCII);
            bomber.getOutputStream().write(head);
            bomber.shutdownOutput();
            final String answer = new String(bomber.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertEquals(isServer, answer.startsWith("HTTP/1.1 431 "), answer);
        }
        final Echo.End end = echo.ended.get(DEADLINE_S, TimeUnit.SECONDS);
        assertEquals(
                CloseReason.UPGRADE_FAILED, end.report().reason(), end.report().detail());
    }

    /** Its answers have a bounded place of their own, which fills. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCloseWhenAPeerPingsAndReadsNoAnswers(final boolean isServer) throws Exception {
        try (Ends ends = roles.open(isServer, impatient())) {
            final byte[] payload = new byte[125];
            final Thread pinging = new Thread(() -> {
                try {
                    while (!ends.ours().ended.isDone()) {
                        ends.peer().send(PING, payload);
                    }
                } catch (final IOException ex) {
                    // It was closed: as it should be.
                }
            });
            pinging.setDaemon(true);
            pinging.start();

            assertEquals(CloseReason.PING_FLOOD, ends.end().report().reason());
            assertTrue(
                    ends.end().report().detail().contains("does not read"),
                    ends.end().report().detail());
        }
    }
}
