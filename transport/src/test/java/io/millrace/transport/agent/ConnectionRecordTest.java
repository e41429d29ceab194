package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.event.FlightRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Flight Recorder is told of a connection, read back from its file. */
class ConnectionRecordTest {
    @TempDir
    private Path folder;

    private final ConnectionRig rig = new ConnectionRig();

    private static ConnectionContext context() {
        return new ConnectionContext()
                .maxMessageLength(ConnectionRig.MAX_MESSAGE_LENGTH)
                .outboundCapacity(1024)
                .slowConsumerTimeoutNs(1000);
    }

    private List<RecordedEvent> record(final Runnable play) throws IOException {
        final Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            play.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.millrace."))
                .toList();
    }

    private static RecordedEvent only(final List<RecordedEvent> events, final String name) {
        final List<RecordedEvent> found = events.stream()
                .filter(event -> event.getEventType().getName().equals("io.millrace." + name))
                .toList();
        assertEquals(1, found.size(), name + " in " + events);
        return found.get(0);
    }

    private void fillRing(final Connection connection) {
        rig.channel.writeLimit = 0;
        while (connection.offer(ByteBuffer.allocate(200)) >= 0) {
            // until it is full
        }
    }

    @Test
    void shouldRecordTheOpeningAndTheEndWithItsReasonAndCounts() throws IOException {
        final List<RecordedEvent> events = record(() -> {
            final Connection connection = rig.open(context());
            connection.offer(ByteBuffer.allocate(10));
            rig.channel.receive(ConnectionRig.frames(5, 6));
            rig.turn();
            connection.close();
            rig.channel.inputEnded = true;
            rig.turn();
        });
        assertEquals(1, only(events, "ConnectionOpen").getLong("connectionId"));
        final RecordedEvent close = only(events, "ConnectionClose");
        assertEquals(1, close.getLong("connectionId"));
        assertEquals("LOCAL_CLOSE", close.getString("reason"));
        assertEquals("closed by this side", close.getString("detail"));
        assertEquals(1, close.getLong("accepted"));
        assertEquals(1, close.getLong("flushed"));
        assertEquals(0, close.getLong("undelivered"));
        assertEquals(2, close.getLong("messagesIn"));
        assertEquals(19, close.getLong("bytesIn"));
        assertEquals(1, close.getLong("messagesOut"));
        assertEquals(14, close.getLong("bytesOut"));
        assertEquals(2, events.size(), () -> "more than that: " + events);
    }

    @Test
    void shouldRecordBackPressureFromItsBeginningToItsEndAndASlowConsumer() throws IOException {
        final List<RecordedEvent> events = record(() -> {
            final Connection connection = rig.open(context());
            fillRing(connection);
            rig.turn();
            rig.pass(1000);
            final long beginNs = System.nanoTime();
            while (System.nanoTime() - beginNs < TimeUnit.MILLISECONDS.toNanos(2)) {
                Thread.onSpinWait();
            }
            rig.channel.writeLimit = Integer.MAX_VALUE;
            rig.turn();
        });
        final RecordedEvent pressure = only(events, "BackPressure");
        assertEquals("outbound", pressure.getString("direction"));
        assertTrue(pressure.getDuration().toNanos() > 1_000_000, "duration=" + pressure.getDuration());
        assertEquals(1000, only(events, "SlowConsumer").getDuration("waited").toNanos());
    }

    @Test
    void shouldRecordBackPressureThatLastsToTheEnd() throws IOException {
        final List<RecordedEvent> events = record(() -> {
            final Connection connection = rig.open(context());
            fillRing(connection);
            rig.turn();
            connection.closeNow();
            rig.turn();
        });
        assertEquals("outbound", only(events, "BackPressure").getString("direction"));
        assertEquals(
                rig.onlyReport().undelivered(), only(events, "ConnectionClose").getLong("undelivered"));
    }

    @Test
    void shouldRecordThatThePullerIsBehind() throws IOException {
        final List<RecordedEvent> events = record(() -> {
            final Connection connection = rig.open(context().pullCapacity(1024));
            rig.channel.receive(ConnectionRig.frames(500, 500));
            rig.turn();
            connection.poll((buffer, offset, length) -> {}, 10);
            rig.turn();
        });
        assertEquals("inbound", only(events, "BackPressure").getString("direction"));
    }

    @Test
    void shouldRecordNothingWhileTheEventIsOff() throws IOException {
        final Path file = folder.resolve("none.jfr");
        try (Recording recording = new Recording()) {
            recording.disable("io.millrace.ConnectionOpen");
            recording.start();
            rig.open(context());
            recording.stop();
            recording.dump(file);
        }
        assertFalse(RecordingFile.readAllEvents(file).stream()
                .anyMatch(event -> event.getEventType().getName().startsWith("io.millrace.")));
    }

    /** Waits for the JIT compiler: that is what leaves the objects out. */
    @Test
    void shouldAllocateNothingWhileNobodyRecords() {
        final FlightRecord record = new FlightRecord(1);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long startNs = System.nanoTime();
        long bytes = Long.MAX_VALUE;
        while (bytes > 1_000) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(60), "bytes=" + bytes);
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                record.backPressureBegins();
                record.backPressureEnds();
                record.slowConsumer(i);
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
    }
}
