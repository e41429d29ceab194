package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.session.AttributeMap;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.ConnectionState;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.MessageHandler;
import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/**
 * The face of a connection: puts messages into its lane, leaves requests, and reads what its {@link ConnectionAgent}
 * publishes.
 */
final class TransportConnection implements Connection {
    private final long id;
    private final DrivingThread thread;
    private final ProtocolSwitch protocols;
    private final SendLane lane;
    private final Requests requests;
    private final Lifecycle lifecycle;
    private final CounterCells counters;
    private final Doorbell doorbell;

    /** Null if messages are pushed. */
    private final Puller puller;

    private final AttributeMap attributes = new AttributeMap();
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

    TransportConnection(
            final long id,
            final DrivingThread thread,
            final ProtocolSwitch protocols,
            final SendLane lane,
            final Requests requests,
            final Lifecycle lifecycle,
            final CounterCells counters,
            final Doorbell doorbell,
            final Puller puller) {
        this.id = id;
        this.thread = thread;
        this.protocols = protocols;
        this.lane = lane;
        this.requests = requests;
        this.lifecycle = lifecycle;
        this.counters = counters;
        this.doorbell = doorbell;
        this.puller = puller;
    }

    void complete(final CloseReport report) {
        closed.complete(report);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public long offer(final ByteBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.limit());
        return lane.offer(buffer, offset, length);
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        return lane.offer(buffer, offset, length);
    }

    @Override
    public long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        return lane.offer(pieces, offset, count);
    }

    @Override
    public long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a batch has at least one message: count=" + count);
        }
        Objects.checkFromIndexSize(0, count, lengths.length);
        Objects.checkFromIndexSize((long) offset, sum(lengths, count), buffer.limit());
        return lane.offerBatch(buffer, offset, lengths, count);
    }

    private static long sum(final int[] lengths, final int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            if (lengths[i] < 0) {
                throw new IllegalArgumentException("a length is not negative: index=" + i + " length=" + lengths[i]);
            }
            sum += lengths[i];
        }
        return sum;
    }

    @Override
    public MessageClaim newClaim() {
        return lane.newClaim();
    }

    @Override
    public long tryClaim(final int length, final MessageClaim claim) {
        return lane.tryClaim(length, claim);
    }

    @Override
    public long send(final ByteBuffer buffer, final long timeoutNs) throws InterruptedException {
        if (thread.isCurrent()) {
            throw new IllegalStateException("a connection's thread must not wait for itself: " + this);
        }
        return lane.send(buffer, buffer.position(), buffer.remaining(), timeoutNs);
    }

    @Override
    public int poll(final MessageHandler handler, final int limit) {
        return puller().poll(handler, limit);
    }

    @Override
    public int poll(final MessageHandler handler, final int limit, final long timeoutNs) throws InterruptedException {
        if (thread.isCurrent()) {
            throw new IllegalStateException("a connection's thread must not wait for itself: " + this);
        }
        return puller().poll(handler, limit, timeoutNs);
    }

    private Puller puller() {
        if (puller == null) {
            throw new IllegalStateException(
                    "messages are pushed at the handler, set ConnectionContext.pullCapacity to pull them: " + this);
        }
        return puller;
    }

    @Override
    public void switchInbound(final Protocol next) {
        protocols.inbound(next);
    }

    @Override
    public void switchOutbound(final Protocol next) {
        protocols.outbound(next);
    }

    @Override
    public long switchOutbound(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        return protocols.outbound(next, last, offset, length);
    }

    @Override
    public void close() {
        requests.close();
        lane.rings().close();
        doorbell.ring();
    }

    @Override
    public void closeNow() {
        abort(CloseReason.LOCAL_ABORT);
    }

    void abort(final CloseReason reason) {
        requests.abort(reason);
        close();
    }

    @Override
    public void closeOutput() {
        if (lane.rings().close()) {
            doorbell.ring();
        }
    }

    @Override
    public boolean isClosed() {
        return lane.rings().isClosed();
    }

    @Override
    public void pauseReading() {
        requests.pause(true);
        doorbell.ring();
    }

    @Override
    public void resumeReading() {
        requests.pause(false);
        doorbell.ring();
    }

    @Override
    public void authenticated() {
        requests.authenticate();
        doorbell.ring();
    }

    @Override
    public CompletionStage<CloseReport> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public ConnectionState state() {
        return lifecycle.state();
    }

    @Override
    public AttributeMap attributes() {
        return attributes;
    }

    @Override
    public ConnectionCounters counters() {
        return counters;
    }

    @Override
    public String toString() {
        final ConnectionState state = state();
        return "connection id=" + id + " phase=" + state.phase() + " remote="
                + state.remoteAddress().map(Object::toString).orElse("none");
    }
}
