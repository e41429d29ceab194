package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import io.aeron.driver.ext.RandomLossGenerator;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams of every kind are lost, at random, in both directions: each message still comes once and in order. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronLossTest {
    private static final int MESSAGES = Integer.getInteger("millrace.aeron.messages", 2_000);

    static IntStream losses() {
        return Arrays.stream(System.getProperty("millrace.aeron.losses", "10").split(","))
                .mapToInt(Integer::parseInt);
    }

    private static AeronScheme lossy(final int percent, final long seed) {
        final Random seeds = new Random(seed);
        return new AeronScheme(new AeronContext().driverSettings(driver -> lose(driver, percent / 100.0, seeds)));
    }

    private static void lose(final MediaDriver.Context driver, final double rate, final Random seeds) {
        driver.sendChannelEndpointSupplier((channel, status, context) ->
                new DebugSendChannelEndpoint(channel, status, context, loss(rate, seeds), loss(rate, seeds)));
        driver.receiveChannelEndpointSupplier((channel, dispatcher, status, context) -> new DebugReceiveChannelEndpoint(
                channel, dispatcher, status, context, loss(rate, seeds), loss(rate, seeds)));
    }

    private static LossGenerator loss(final double rate, final Random seeds) {
        return new RandomLossGenerator(rate, seeds.nextLong());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void shouldBringEachMessageOnceAndInOrderWhateverIsLost(final int percent) throws Exception {
        final long seed = System.nanoTime();
        System.out.println("AeronLossTest: loss=" + percent + " seed=" + seed);
        final Peers.Checker server = new Peers.Checker(1);
        final Peers.Checker client = new Peers.Checker(1);
        final ConnectionContext settings = new ConnectionContext().closeTimeoutNs(TimeUnit.SECONDS.toNanos(60));
        try (Transport transport = new Transport(new TransportContext()
                .messageScheme(lossy(percent, seed))
                .connectionContext(settings)
                .closeTimeoutNs(TimeUnit.SECONDS.toNanos(100)))) {
            final URI uri = transport
                    .listen(URI.create("aeron:udp?endpoint=localhost:0"), () -> server)
                    .uri();
            final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            final Random random = new Random(seed);
            for (int i = 0; i < MESSAGES; i++) {
                // Now and then one that takes many datagrams.
                final int length = i % 100 == 99 ? 20_000 : random.nextInt(300);
                assertTrue(Peers.offer(connection, Peers.Checker.message(0, i, length)) > 0);
            }
            connection.close();
            final CloseReport report = client.awaitClose();
            assertEquals(CloseReason.LOCAL_CLOSE, report.reason(), report.detail());
            assertEquals(
                    List.of((long) MESSAGES, (long) MESSAGES, 0L),
                    List.of(report.accepted(), report.flushed(), report.undelivered()));
            assertEquals(MESSAGES, server.received.get());
            assertEquals(List.of(), List.copyOf(server.faults));
            assertEquals(CloseReason.PEER_CLOSE, server.awaitClose().reason());
        }
    }

    /** What is cut off in its midst is counted: what came is no more than what was accepted, and no less than what was flushed. */
    @ParameterizedTest
    @MethodSource("losses")
    void shouldCountWhatDidNotComeWhenCutOffInItsMidst(final int percent) throws Exception {
        final long seed = System.nanoTime();
        System.out.println("AeronLossTest: loss=" + percent + " seed=" + seed);
        final Peers.Checker server = new Peers.Checker(1);
        final Peers.Checker client = new Peers.Checker(1);
        try (Transport transport = new Transport(new TransportContext().messageScheme(lossy(percent, seed)))) {
            final URI uri = transport
                    .listen(URI.create("aeron:udp?endpoint=localhost:0"), () -> server)
                    .uri();
            final Connection connection = transport.connect(uri, client).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
            long accepted = 0;
            while (server.received.get() < MESSAGES / 10) {
                if (connection.offer(Peers.Checker.message(0, accepted, 100)) > 0) {
                    accepted++;
                }
            }
            connection.closeNow();
            final CloseReport report = client.awaitClose();
            server.awaitClose();
            assertEquals(accepted, report.accepted());
            assertEquals(accepted, report.flushed() + report.undelivered());
            assertTrue(
                    report.flushed() <= server.received.get() && server.received.get() <= accepted,
                    report + " received=" + server.received);
            assertEquals(List.of(), List.copyOf(server.faults));
        }
    }
}
