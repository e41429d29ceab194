package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.TlsInfo;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.agrona.DirectBuffer;

/** Ties a conversation to the parts of its connection. */
final class ConversationLink implements Conversation.Link {
    private final ConnectionParts parts;
    private final Conversation conversation;

    ConversationLink(final ConnectionParts parts, final Conversation conversation) {
        this.parts = parts;
        this.conversation = conversation;
    }

    /** From here on the connection tells of TLS: who looks at an opening may ask who the peer is. */
    void secured(final Optional<TlsInfo> tls) {
        tls.ifPresent(info -> parts.lifecycle.secured(tls));
    }

    @Override
    public Connection connection() {
        return parts.connection;
    }

    @Override
    public long nowNs() {
        return parts.timers.nowNs();
    }

    @Override
    public boolean sendControl(final ByteBuffer frame) {
        return parts.outbound.sendControl(frame);
    }

    @Override
    public Conversation.MessageLane lane(final int form) {
        return new Lane(form == 0 ? parts.lane : new SendLane(parts.lane, form), parts.thread, parts.connection);
    }

    @Override
    public Optional<Conversation.Fragments> fragments() {
        return Optional.ofNullable(parts.framing.tryHold(conversation::isControl))
                .map(hold -> new HeldLane(parts.lane, hold, parts.doorbell));
    }

    @Override
    public SlowConsumerPolicy slowConsumerPolicy() {
        return parts.context.slowConsumerPolicy();
    }

    @Override
    public void wake() {
        parts.doorbell.ring();
    }

    private record HeldLane(SendLane lane, Framing.Hold hold, Doorbell doorbell) implements Conversation.Fragments {
        @Override
        public long offer(final int form, final ByteBuffer buffer, final int offset, final int length) {
            Objects.checkFromIndexSize(offset, length, buffer.limit());
            return lane.offerHeld(hold, form, buffer, offset, length);
        }

        @Override
        public void release() {
            hold.release();
            // For what the connection's own thread has to send.
            doorbell.ring();
        }
    }

    private record Lane(SendLane lane, DrivingThread thread, Connection connection)
            implements Conversation.MessageLane {
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
                throw new IllegalStateException("a connection's thread must not wait for itself: " + connection);
            }
            return lane.send(buffer, timeoutNs);
        }
    }
}
