package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.SocketParker;
import java.nio.channels.SelectableChannel;

/** For a thread that never sleeps on a socket: it has others to look after. Watches nothing and costs nothing. */
public enum AwakeParker implements SocketParker {
    /** The only one. */
    INSTANCE;

    @Override
    public void watch(final SelectableChannel socket) {}

    @Override
    public void park(final int operations, final long maxNs) {}

    @Override
    public boolean mayBeReady() {
        return true;
    }

    @Override
    public void unpark() {}

    @Override
    public void close() {}
}
