package io.millrace.tests.scale;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionCounters;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One end of a conversation. What it sends belongs to one thread, what it receives to its connection's; others may look
 * at the counts, which are exact once the report is there.
 */
final class End {
    private final Messages sent;
    private final Messages expected;
    private volatile long accepted;
    private volatile long received;
    private volatile Connection connection;
    private volatile CloseReport report;
    private volatile String fault;

    End(final Messages sent, final Messages expected) {
        this.sent = sent;
        this.expected = expected;
    }

    void connection(final Connection made) {
        connection = made;
    }

    Connection connection() {
        return connection;
    }

    long accepted() {
        return accepted;
    }

    long received() {
        return received;
    }

    CloseReport report() {
        return report;
    }

    /** Whether a message came that was not the one to come. */
    boolean isFaulty() {
        return fault != null;
    }

    /** Offers the next message; a position, or a negative code. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
    long offer() {
        final long position = connection.offer(sent.message(accepted));
        if (position > 0) {
            accepted++;
        }
        return position;
    }

    /** Sends the next message, and waits for room so long. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
    long send(final long timeoutNs) throws InterruptedException {
        final long position = connection.send(sent.message(accepted), timeoutNs);
        if (position > 0) {
            accepted++;
        }
        return position;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
    void receive(final ByteBuffer buffer, final int offset, final int length) {
        final String wrong = expected.fault(received, buffer, offset, length);
        if (wrong != null) {
            fault = wrong;
            throw new IllegalStateException(wrong);
        }
        received++;
    }

    void closed(final CloseReport closing) {
        report = closing;
    }

    /** What is wrong with what this end sent, and what became of it; both have ended. */
    Optional<String> faultOf(final End receiver, final boolean mustArrive) {
        if (fault != null) {
            return Optional.of(fault);
        }
        final ConnectionCounters counters = connection.counters();
        final long flushed = report.flushed();
        final boolean adds = report.accepted() == accepted
                && accepted == flushed + report.undelivered()
                && counters.messagesOut() == flushed;
        final boolean bytesAdd = counters.bytesOut() >= sent.framedBytes(flushed)
                && counters.bytesOut() <= sent.framedBytes(Math.min(accepted, flushed + 1));
        final boolean arrives = mustArrive ? receiver.received == accepted : receiver.received <= flushed;
        final boolean bytesArrive =
                receiver.bytesIn() >= sent.framedBytes(receiver.received) && receiver.bytesIn() <= counters.bytesOut();
        return adds && bytesAdd && arrives && bytesArrive
                ? Optional.empty()
                : Optional.of(sent + ": accepted=" + accepted + " report=" + report + " messagesOut="
                        + counters.messagesOut() + " bytesOut=" + counters.bytesOut() + " wantBytes="
                        + sent.framedBytes(flushed) + " received=" + receiver.received + " bytesIn="
                        + receiver.bytesIn() + " mustArrive=" + mustArrive + " receiver=" + receiver.report);
    }

    private long bytesIn() {
        return connection == null ? 0 : connection.counters().bytesIn();
    }
}
