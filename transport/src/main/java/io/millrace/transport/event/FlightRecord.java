package io.millrace.transport.event;

import io.millrace.transport.CloseReport;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.ConnectionState;
import io.millrace.transport.TlsInfo;
import java.util.Optional;

/**
 * Writes the events of one connection for the JDK's Flight Recorder. Does nothing while nobody records, and in a Java
 * runtime that was linked without {@code jdk.jfr}, which only the class path allows: the module requires it. The
 * connection's thread; wait-free as far as the recorder is.
 */
public final class FlightRecord {
    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final long connectionId;
    private HandshakeEvent handshake;
    private BackPressureEvent outbound;
    private BackPressureEvent inbound;

    /**
     * Makes a record.
     *
     * @param connectionId of the connection.
     */
    public FlightRecord(final long connectionId) {
        this.connectionId = connectionId;
    }

    /** A TLS handshake begins. */
    public void handshakeBegins() {
        // The first one never leaves this line, so that the JIT compiler makes none.
        if (AVAILABLE && new HandshakeEvent().isEnabled()) {
            handshake = new HandshakeEvent();
            handshake.begin();
        }
    }

    /**
     * The connection is ready.
     *
     * @param state of it.
     */
    public void opened(final ConnectionState state) {
        if (!AVAILABLE) {
            return;
        }
        endHandshake(state, true);
        final OpenEvent event = new OpenEvent();
        if (event.shouldCommit()) {
            event.connectionId = connectionId;
            event.localAddress = text(state.localAddress());
            event.remoteAddress = text(state.remoteAddress());
            event.commit();
        }
    }

    private void endHandshake(final ConnectionState state, final boolean successful) {
        final HandshakeEvent event = handshake;
        if (event != null) {
            handshake = null;
            event.connectionId = connectionId;
            event.remoteAddress = text(state.remoteAddress());
            event.protocol = state.tls().map(TlsInfo::protocol).orElse("");
            event.cipherSuite = state.tls().map(TlsInfo::cipherSuite).orElse("");
            event.resumed = state.tls().map(TlsInfo::resumed).orElse(false);
            event.successful = successful;
            event.commit();
        }
    }

    /** Senders wait for room from now on. */
    public void backPressureBegins() {
        if (AVAILABLE && outbound == null && new BackPressureEvent().isEnabled()) {
            outbound = begin("outbound");
        }
    }

    /** Senders have room again. */
    public void backPressureEnds() {
        end(outbound);
        outbound = null;
    }

    /** The connection does not read from now on, for the puller is behind. */
    public void pullBegins() {
        if (AVAILABLE && inbound == null && new BackPressureEvent().isEnabled()) {
            inbound = begin("inbound");
        }
    }

    /** The puller has made room. */
    public void pullEnds() {
        end(inbound);
        inbound = null;
    }

    private BackPressureEvent begin(final String direction) {
        final BackPressureEvent event = new BackPressureEvent();
        event.connectionId = connectionId;
        event.direction = direction;
        event.begin();
        return event;
    }

    private static void end(final BackPressureEvent event) {
        if (event != null) {
            event.commit();
        }
    }

    /**
     * The peer has kept senders waiting for too long.
     *
     * @param waitedNs how long, in nanoseconds.
     */
    public void slowConsumer(final long waitedNs) {
        if (!AVAILABLE) {
            return;
        }
        final SlowConsumerEvent event = new SlowConsumerEvent();
        if (event.shouldCommit()) {
            event.connectionId = connectionId;
            event.waited = waitedNs;
            event.commit();
        }
    }

    /**
     * The connection has ended.
     *
     * @param state    of it.
     * @param report   of the end.
     * @param counters that do not change any more.
     */
    public void closed(final ConnectionState state, final CloseReport report, final ConnectionCounters counters) {
        if (!AVAILABLE) {
            return;
        }
        endHandshake(state, false);
        backPressureEnds();
        pullEnds();
        final CloseEvent event = new CloseEvent();
        if (event.shouldCommit()) {
            event.connectionId = connectionId;
            event.remoteAddress = text(state.remoteAddress());
            event.reason = report.reason().name();
            event.detail = report.detail();
            event.accepted = report.accepted();
            event.flushed = report.flushed();
            event.undelivered = report.undelivered();
            event.messagesIn = counters.messagesIn();
            event.bytesIn = counters.bytesIn();
            event.messagesOut = counters.messagesOut();
            event.bytesOut = counters.bytesOut();
            event.commit();
        }
    }

    private static String text(final Optional<?> address) {
        return address.map(Object::toString).orElse("");
    }
}
