package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.tls.TlsContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A transport whose time only passes when it is told to, a peer that breaks TLS or drags it out, and another connection of the
 * same transport, which has to go on.
 */
abstract class HostileTls {
    static final long DEADLINE_S = 20;

    /** Short, for threads sleep that long by the real clock before they look at ours. */
    static final long BOUND_NS = TimeUnit.MILLISECONDS.toNanos(8);

    static final int CAPACITY = 64 * 1024;
    static final int LONGEST_RECORD_12 = 16 * 1024 + 2048;
    private static final int FLOOD = 100_000;
    static TestAuthority authority;
    static TestAuthority.Issued issued;

    final AtomicLong nowNs = new AtomicLong();

    /** The one that has to stand it. */
    Transport watched;

    /** The other end of the bystander's connection. */
    Transport other;

    /** The client's end of that connection. */
    Lines bystander;

    Connection bystanding;
    String protocol;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue("localhost");
    }

    static Stream<Arguments> enginesAndVersions() {
        return Stream.of(EngineKind.JDK, EngineKind.CONSCRYPT, EngineKind.TCNATIVE)
                .flatMap(engines -> Stream.of("TLSv1.3", "TLSv1.2").map(version -> Arguments.of(engines, version)));
    }

    /** Echoes; pours out as much as there is room for when it is told to; keeps its end. */
    static final class Serving implements ConnectionHandler {
        final CompletableFuture<CloseReport> end = new CompletableFuture<>();
        volatile boolean isFull;
        volatile boolean isOpen;

        @Override
        public void onOpen(final Connection connection) {
            isOpen = true;
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            if (buffer.get(offset) == 'P') {
                connection.authenticated();
                onWritable(connection);
            } else if (buffer.get(offset) != 'A') {
                connection.authenticated();
                connection.offer(buffer, offset, length);
            }
        }

        @Override
        public void onWritable(final Connection connection) {
            while (connection.offer(ByteBuffer.allocate(1_000)) > 0) {
                // On and on.
            }
            isFull = true;
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            end.complete(report);
        }
    }

    final TransportContext watchedContext(final TlsContext tls) {
        return new TransportContext()
                .nanoClock(nowNs::get)
                .tlsContext(tls)
                .connectionContext(new ConnectionContext()
                        .protocol(new LengthPrefixProtocol(CAPACITY / 8))
                        .outboundCapacity(CAPACITY)
                        .handshakeTimeoutNs(BOUND_NS)
                        .authenticationTimeoutNs(BOUND_NS)
                        .slowConsumerTimeoutNs(BOUND_NS)
                        .slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT));
    }

    @AfterEach
    final void close() {
        if (other != null) {
            other.close();
            watched.close();
        }
    }

    /** The handler of the connection whose peer is hostile. */
    abstract Serving handler();

    final void assertBystanderGoesOn() throws Exception {
        assertTrue(bystanding.offer(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII))) > 0);
        assertEquals("hello", bystander.lines.poll(DEADLINE_S, TimeUnit.SECONDS));
    }

    /** The end comes by itself. */
    final CloseReport assertEnded(final CloseReason reason) throws Exception {
        final CloseReport report = handler().end.get(DEADLINE_S, TimeUnit.SECONDS);
        assertEquals(reason, report.reason(), report.toString());
        assertEquals(1, watched.counters().closed(reason));
        assertBystanderGoesOn();
        return report;
    }

    /** The end comes when the bound is over, and not before. */
    final CloseReport assertEndedByTheBound(final CloseReason reason) throws Exception {
        final Serving handler = handler();
        assertBystanderGoesOn();
        assertFalse(handler.end.isDone());
        nowNs.addAndGet(BOUND_NS - 1);
        assertBystanderGoesOn();
        assertFalse(handler.end.isDone());
        // Its time may have begun late: its thread starts when it likes.
        Await.until(() -> {
            nowNs.addAndGet(BOUND_NS / 8);
            return handler.end.isDone();
        });
        return assertEnded(reason);
    }

    /** The end comes once the peer has taken too little for too long, and what waited for it was bounded. */
    final void assertEndedAsTooSlow() throws Exception {
        final Serving handler = handler();
        Await.until(() -> handler.isFull);
        Await.until(() -> {
            nowNs.addAndGet(BOUND_NS / 8);
            return handler.end.isDone();
        });
        final CloseReport report = assertEnded(CloseReason.SLOW_CONSUMER);
        // A ring that is full, and the smaller ones before it.
        assertTrue(report.undelivered() * 1_000 <= CAPACITY * 8 / 7, report.toString());
    }

    /** Until the peer has had enough. */
    interface Flood {
        void once() throws IOException;
    }

    static void flood(final Flood flood) {
        try {
            for (int i = 0; i < FLOOD; i++) {
                flood.once();
            }
        } catch (final IOException ignored) {
            // It has.
        }
    }

    /** Not to the JDK in TLS 1.3: it takes such a record for one without a type, though RFC 8446, section 5.1, allows it. */
    final void sayNothing(final EngineKind engines, final RawTlsPeer peer) throws IOException {
        if (engines != EngineKind.JDK || protocol.equals("TLSv1.2")) {
            peer.sayNothing();
        }
    }

    /** A warning that is to be passed over: of TLS 1.3 there is but one (RFC 8446, section 6.1). */
    final int harmlessWarning() {
        return protocol.equals("TLSv1.3") ? 90 : 100;
    }

    /** A record of 100 bytes that says nothing, or is sealed by nobody. */
    static byte[] garbage(final int contentType) {
        final byte[] record = new byte[105];
        Arrays.fill(record, (byte) 0x77);
        record[0] = (byte) contentType;
        record[1] = 3;
        record[2] = 3;
        record[3] = 0;
        record[4] = 100;
        return record;
    }
}
