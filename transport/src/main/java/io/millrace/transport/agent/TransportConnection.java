package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.Protocol;
import io.millrace.transport.TlsInfo;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/** The face of a connection: senders put messages into its ring, and its {@link ConnectionAgent} does the rest. */
final class TransportConnection implements Connection {
    /** What the agent has found out; one immutable value, which the agent alone replaces. */
    record Facts(Optional<SocketAddress> local, Optional<SocketAddress> remote, Optional<TlsInfo> tls) {
        static final Facts NONE = new Facts(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private final long id;
    private final Protocol protocol;
    private final ByteRing ring;
    private final Doorbell doorbell;
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
    private volatile Facts facts = Facts.NONE;

    TransportConnection(final long id, final Protocol protocol, final ByteRing ring, final Doorbell doorbell) {
        this.id = id;
        this.protocol = protocol;
        this.ring = ring;
        this.doorbell = doorbell;
    }

    void facts(final Facts newFacts) {
        facts = newFacts;
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
        final long claim = claim(length);
        if (claim < 0) {
            return claim;
        }
        try {
            ring.buffer().put(putHeader(claim, length), buffer, offset, length);
        } catch (final RuntimeException | Error ex) {
            abort(claim, length);
            throw ex;
        }
        return commit(claim, length);
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        final long claim = claim(length);
        if (claim < 0) {
            return claim;
        }
        try {
            buffer.getBytes(offset, ring.buffer(), putHeader(claim, length), length);
        } catch (final RuntimeException | Error ex) {
            abort(claim, length);
            throw ex;
        }
        return commit(claim, length);
    }

    private long claim(final int length) {
        if (length <= 0) {
            throw new IllegalArgumentException("a message needs at least one byte: length=" + length);
        }
        if (length > protocol.maxMessageLength()) {
            return MESSAGE_TOO_LONG;
        }
        return ring.tryClaim(frameLength(length));
    }

    private int putHeader(final long claim, final int length) {
        final int offset = ring.offset(claim);
        protocol.encodeHeader(ring.buffer(), offset, length);
        return offset + protocol.headerLength(length);
    }

    private long commit(final long claim, final int length) {
        final long position = ring.commit(claim, frameLength(length));
        doorbell.ring();
        return position;
    }

    private void abort(final long claim, final int length) {
        ring.abort(claim, frameLength(length));
        doorbell.ring();
    }

    private int frameLength(final int length) {
        return protocol.headerLength(length) + length;
    }

    @Override
    public void close() {
        if (ring.close()) {
            doorbell.ring();
        }
    }

    @Override
    public boolean isClosed() {
        return ring.isClosed();
    }

    @Override
    public CompletionStage<CloseReport> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public Optional<SocketAddress> localAddress() {
        return facts.local();
    }

    @Override
    public Optional<SocketAddress> remoteAddress() {
        return facts.remote();
    }

    @Override
    public Optional<TlsInfo> tls() {
        return facts.tls();
    }

    @Override
    public String toString() {
        return "connection id=" + id + " remote="
                + facts.remote().map(Object::toString).orElse("none");
    }
}
