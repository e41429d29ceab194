package io.millrace.jmh.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One connection on loopback with both its ends. */
public interface Link extends AutoCloseable {
    /** Bytes before a payload, which hold its length. */
    int HEADER_LENGTH = Integer.BYTES;

    /** One thread's way to send. */
    @FunctionalInterface
    interface Sender {
        /** Sends a copy of the range as one message; false if there is no room at the moment. */
        boolean offer(ByteBuffer source, int offset, int length) throws IOException;
    }

    /** What one end does with a message, on that end's thread. */
    @FunctionalInterface
    interface Receiver {
        /** Sends each message back, with one outstanding: if there is no room for it, something is wrong. */
        Receiver ECHO = (buffer, offset, length, reply) -> {
            if (!reply.offer(buffer, offset, length)) {
                throw new IllegalStateException("no room for one echo: length=" + length);
            }
        };

        /** Takes a message that is valid during the call; {@code reply} sends the other way. */
        void onMessage(ByteBuffer buffer, int offset, int length, Sender reply) throws IOException;
    }

    /** Makes a link that is connected. */
    @FunctionalInterface
    interface Factory {
        Link open(Receiver server, Receiver client) throws Exception;
    }

    /** A sender from the client to the server, for one thread. */
    Sender sender();

    /** Sends what the client holds back, if it does. */
    default void flush() throws IOException {}

    /** Frees everything. */
    @Override
    void close() throws IOException;
}
