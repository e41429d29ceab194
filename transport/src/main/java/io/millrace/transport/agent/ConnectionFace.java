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
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/**
 * What the faces of all connections have in common, which is all but protocols: puts messages into the lane, leaves requests, and
 * reads what the agent publishes.
 */
abstract class ConnectionFace implements Connection {
    private final long id;
    private final DrivingThread thread;
    private final CommonLane lane;
    private final Requests requests;
    private final Lifecycle lifecycle;
    private final ConnectionCounters counters;
    private final Doorbell doorbell;

    /** Null if messages are pushed. */
    private final Puller puller;

    private final AttributeMap attributes = new AttributeMap();
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

    ConnectionFace(
            final long id,
            final DrivingThread thread,
            final CommonLane lane,
            final Requests requests,
            final Lifecycle lifecycle,
            final ConnectionCounters counters,
            final Doorbell doorbell,
            final Puller puller) {
        this.id = id;
        this.thread = thread;
        this.lane = lane;
        this.requests = requests;
        this.lifecycle = lifecycle;
        this.counters = counters;
        this.doorbell = doorbell;
        this.puller = puller;
    }

    /** Closes to offers; returns whether it was open. */
    final boolean closeSenders() {
        return lane.close();
    }

    @Override
    public final boolean isClosed() {
        return lane.isClosed();
    }

    final void complete(final CloseReport report) {
        closed.complete(report);
    }

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final long offer(final ByteBuffer buffer, final int offset, final int length) {
        checkRange(buffer, offset, length);
        return lane.offer(buffer, offset, length);
    }

    @Override
    public final long offer(final DirectBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        return lane.offer(buffer, offset, length);
    }

    @Override
    public final long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        return lane.offer(pieces, offset, count);
    }

    @Override
    public final long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        checkBatch(buffer, offset, lengths, count);
        return lane.offerBatch(buffer, offset, lengths, count);
    }

    @Override
    public final MessageClaim newClaim() {
        return lane.newClaim();
    }

    @Override
    public final long tryClaim(final int length, final MessageClaim claim) {
        return lane.tryClaim(length, claim);
    }

    @Override
    public final long send(final ByteBuffer buffer, final long timeoutNs) throws InterruptedException {
        checkMayWait();
        return lane.send(buffer, timeoutNs);
    }

    static void checkRange(final ByteBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.limit());
    }

    private static void checkBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a batch has at least one message: count=" + count);
        }
        Objects.checkFromIndexSize(0, count, lengths.length);
        Objects.checkFromIndexSize((long) offset, sum(lengths, count), buffer.limit());
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

    /** Only another thread may wait. */
    final void checkMayWait() {
        if (thread.isCurrent()) {
            throw new IllegalStateException("a connection's thread must not wait for itself: " + this);
        }
    }

    @Override
    public final int poll(final MessageHandler handler, final int limit) {
        return puller().poll(Objects.requireNonNull(handler, "handler"), limit);
    }

    @Override
    public final int poll(final MessageHandler handler, final int limit, final long timeoutNs)
            throws InterruptedException {
        checkMayWait();
        return puller().poll(Objects.requireNonNull(handler, "handler"), limit, timeoutNs);
    }

    private Puller puller() {
        if (puller == null) {
            throw new IllegalStateException(
                    "messages are pushed at the handler, set ConnectionContext.pullCapacity to pull them: " + this);
        }
        return puller;
    }

    @Override
    public final void close() {
        requests.close();
        closeSenders();
        doorbell.ring();
    }

    @Override
    public final void closeNow() {
        abort(CloseReason.LOCAL_ABORT);
    }

    final void abort(final CloseReason reason) {
        requests.abort(reason);
        close();
    }

    @Override
    public final void closeOutput() {
        if (closeSenders()) {
            doorbell.ring();
        }
    }

    @Override
    public final void pauseReading() {
        requests.pause(true);
        doorbell.ring();
    }

    @Override
    public final void resumeReading() {
        requests.pause(false);
        doorbell.ring();
    }

    @Override
    public final void authenticated() {
        requests.authenticate();
        doorbell.ring();
    }

    @Override
    public final CompletionStage<CloseReport> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public final ConnectionState state() {
        return lifecycle.state();
    }

    @Override
    public final AttributeMap attributes() {
        return attributes;
    }

    @Override
    public final ConnectionCounters counters() {
        return counters;
    }

    @Override
    public final String toString() {
        final ConnectionState state = state();
        return "connection id=" + id + " phase=" + state.phase() + " remote="
                + state.remoteAddress().map(Object::toString).orElse("none");
    }
}
