package io.millrace.transport.channel;

import org.agrona.concurrent.NanoClock;

/**
 * How sockets are set up. What a kind of socket does not know, it leaves out. Immutable.
 *
 * @param backlog             connections that the operating system keeps until they are accepted; 0 for its default.
 * @param receiveBufferLength bytes the operating system may keep of what came in; 0 for its default.
 * @param sendBufferLength    bytes the operating system may keep of what goes out; 0 for its default.
 * @param noDelay             whether to send at once instead of waiting for more (TCP_NODELAY).
 * @param keepAlive           whether the operating system asks a silent peer for a sign of life (SO_KEEPALIVE).
 * @param connectTimeoutNs    how long connecting may take, over all addresses of a name.
 * @param clock               for that.
 * @param parkers             what the threads of selectable sockets sleep on.
 */
public record ChannelOptions(
        int backlog,
        int receiveBufferLength,
        int sendBufferLength,
        boolean noDelay,
        boolean keepAlive,
        long connectTimeoutNs,
        NanoClock clock,
        SocketParkers parkers) {}
