package io.millrace.transport.aeron;

import java.net.SocketAddress;
import java.util.Objects;

/** Where one side of a connection over shared memory is: a channel of Aeron's, without an address of IP. Immutable. */
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
     * @return such as {@code aeron:ipc}.
     */
    public String channel() {
        return channel;
    }

    /**
     * The first of the connection's streams on the channel.
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
        return channel + "?stream-id=" + streamId;
    }
}
