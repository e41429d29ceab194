package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.NettyChoice;
import io.millrace.jmh.connection.Security;
import io.millrace.transport.Driving;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A WebSocket server on loopback that sends what it is given to all that have connected. The publisher's thread. */
interface Broadcaster extends AutoCloseable {
    /** Where it listens. */
    int port();

    /** Who gets the next message. */
    int subscribers();

    /** Publishes a text, all of the buffer. */
    void publish(ByteBuffer text) throws IOException;

    /** Sends what is held back. */
    default void flush() {}

    @Override
    void close() throws IOException;

    /** Makes one by name. */
    static Broadcaster of(final String name) throws Exception {
        final String netty = "baseline-netty-";
        if (name.startsWith(netty)) {
            return new NettyBroadcaster(NettyChoice.parse(name.substring(netty.length()), Security.PLAIN));
        }
        return switch (name) {
            case "baseline-java-websocket" -> new JavaWebSocketBroadcaster();
            case "baseline-jetty" -> new JettyBroadcaster();
            case "millrace" -> new MillraceBroadcaster(Driving.THREAD);
            case "millrace-virtual" -> new MillraceBroadcaster(Driving.VIRTUAL_THREAD);
            default -> throw new IllegalArgumentException("no such peer: peer=" + name);
        };
    }
}
