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
    private final ConnectionAgent agent;
    private final Framing framing;
    private final ByteRing ring;
    private final Doorbell doorbell;
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
    private volatile Facts facts = Facts.NONE;

    TransportConnection(
            final long id,
            final ConnectionAgent agent,
            final Framing framing,
            final ByteRing ring,
            final Doorbell doorbell) {
        this.id = id;
        this.agent = agent;
        this.framing = framing;
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
        while (true) {
            final Framing.Term term = framing.term();
            final long claim = framing.tryClaim(term, length);
            if (claim >= 0) {
                try {
                    ring.buffer().put(framing.begin(term, claim, length), buffer, offset, length);
                } catch (final RuntimeException | Error ex) {
                    abort(term, claim, length);
                    throw ex;
                }
                return commit(term, claim, length);
            }
            if (claim != Framing.SWITCHED) {
                return claim;
            }
        }
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        while (true) {
            final Framing.Term term = framing.term();
            final long claim = framing.tryClaim(term, length);
            if (claim >= 0) {
                try {
                    buffer.getBytes(offset, ring.buffer(), framing.begin(term, claim, length), length);
                } catch (final RuntimeException | Error ex) {
                    abort(term, claim, length);
                    throw ex;
                }
                return commit(term, claim, length);
            }
            if (claim != Framing.SWITCHED) {
                return claim;
            }
        }
    }

    private long commit(final Framing.Term term, final long claim, final int length) {
        try {
            return framing.commit(term, claim, length);
        } finally {
            doorbell.ring();
        }
    }

    private void abort(final Framing.Term term, final long claim, final int length) {
        framing.abort(term, claim, length);
        doorbell.ring();
    }

    @Override
    public void switchInbound(final Protocol next) {
        agent.switchInbound(next);
    }

    @Override
    public void switchOutbound(final Protocol next) {
        agent.switchOutbound(next);
    }

    @Override
    public long switchOutbound(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        return agent.switchOutbound(next, last, offset, length);
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
