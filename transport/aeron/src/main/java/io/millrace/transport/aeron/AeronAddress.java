package io.millrace.transport.aeron;

import java.net.SocketAddress;
import java.util.Objects;

/**
 * Where one side of a connection over shared memory is, or of a publisher or a subscriber: a channel of Aeron's, for which there is
 * no one address of IP. Immutable.
 */
public final class AeronAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    /** As Aeron has it. */
    private final String channel;

    /** Of the stream. */
    private final int streamId;

    AeronAddress(final String channel, final int streamId) {
        this.channel = channel;
        this.streamId = streamId;
    }

    /**
     * The channel, as Aeron has it.
     *
     * @return such as {@code aeron:ipc} or {@code aeron:udp?endpoint=224.0.1.1:40456}.
     */
    public String channel() {
        return channel;
    }

    /**
     * The first of the connection's streams on the channel; the only one of a publisher or a subscriber.
     *
     * @return the id.
     */
    public int streamId() {
        return streamId;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof AeronAddress address && channel.equals(address.channel) && streamId == address.streamId;
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel, streamId);
    }

    @Override
    public String toString() {
        return channel + (channel.indexOf('?') < 0 ? '?' : '|') + "stream-id=" + streamId;
    }
}
