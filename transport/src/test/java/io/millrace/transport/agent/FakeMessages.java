package io.millrace.transport.agent;

import io.millrace.ring.Pieces;
import io.millrace.transport.Connection;
import io.millrace.transport.Protocol;
import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.channel.MessageSender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.agrona.DirectBuffer;

/** A channel of messages whose peer and whose engine the test plays. Every use behind its close is a fault. */
final class FakeMessages implements MessageChannel {
    final Queue<byte[]> inbound = new ArrayDeque<>();
    final List<byte[]> sent = new ArrayList<>();
    boolean connects = true;
    boolean roomy = true;
    boolean peerEnded;
    boolean endTaken = true;
    boolean farewellSaid = true;
    boolean cutOffDone = true;
    long taken = -1;
    boolean takenFinal = true;
    long endedWith = -1;
    int cutOffs;
    int leftAtCutOff = -1;
    boolean closed;
    RuntimeException broken;
    IOException connectFailure;

    /** Played by another thread in the middle of an offer. */
    Runnable duringOffer = () -> {};

    private void checkOpen() {
        if (closed) {
            throw new AssertionError("used after its close");
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        checkOpen();
        if (connectFailure != null) {
            throw connectFailure;
        }
        return connects;
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("here", 1);
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("there", 2);
    }

    @Override
    public MessageSender newSender() {
        return new Sender();
    }

    @Override
    public ClaimedMessage newClaim() {
        return new Claim();
    }

    @Override
    public int work() {
        checkOpen();
        if (broken != null) {
            throw broken;
        }
        return 0;
    }

    @Override
    public int poll(final Protocol.MessageSink sink, final int limit) {
        checkOpen();
        int messages = 0;
        while (messages < limit && !inbound.isEmpty()) {
            final byte[] message = inbound.remove();
            messages++;
            if (!sink.onMessage(ByteBuffer.wrap(message), 0, message.length)) {
                return messages;
            }
        }
        return messages == 0 && peerEnded ? END : messages;
    }

    @Override
    public boolean isRoomy() {
        return roomy;
    }

    @Override
    public long taken() {
        return taken < 0 ? sent.size() : taken;
    }

    @Override
    public boolean isTakenFinal() {
        checkOpen();
        return takenFinal;
    }

    @Override
    public boolean end(final long accepted) {
        checkOpen();
        endedWith = accepted;
        return endTaken;
    }

    @Override
    public boolean farewell() {
        checkOpen();
        return farewellSaid;
    }

    @Override
    public boolean cutOff() {
        checkOpen();
        if (cutOffs++ == 0) {
            leftAtCutOff = inbound.size();
        }
        return cutOffDone;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void park(final long maxNs) {
        throw new AssertionError("nobody sleeps here");
    }

    @Override
    public void unpark() {}

    private final class Sender implements MessageSender {
        private long take(final byte[] message) {
            checkOpen();
            duringOffer.run();
            if (!roomy) {
                return Connection.BACK_PRESSURED;
            }
            sent.add(message);
            return sent.size();
        }

        @Override
        public long offer(final ByteBuffer buffer, final int offset, final int length) {
            final byte[] message = new byte[length];
            buffer.get(offset, message);
            return take(message);
        }

        @Override
        public long offer(final DirectBuffer buffer, final int offset, final int length) {
            final byte[] message = new byte[length];
            buffer.getBytes(offset, message);
            return take(message);
        }

        @Override
        public long offer(final ByteBuffer[] pieces, final int offset, final int count, final int length) {
            final byte[] whole = new byte[length];
            Pieces.copy(pieces, offset, count, ByteBuffer.wrap(whole), 0, length);
            return take(whole);
        }

        @Override
        public long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
            long position = 0;
            int at = offset;
            for (int i = 0; i < count; i++) {
                position = offer(buffer, at, lengths[i]);
                at += lengths[i];
            }
            return position;
        }

        @Override
        public long tryClaim(final int length, final ClaimedMessage claim) {
            checkOpen();
            if (!roomy) {
                return Connection.BACK_PRESSURED;
            }
            ((Claim) claim).room = new byte[length];
            return 1;
        }
    }

    final class Claim implements ClaimedMessage {
        private byte[] room;

        @Override
        public ByteBuffer buffer() {
            checkOpen();
            return ByteBuffer.wrap(room);
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public void commit() {
            checkOpen();
            sent.add(room);
        }

        @Override
        public void abort() {
            checkOpen();
        }
    }
}
