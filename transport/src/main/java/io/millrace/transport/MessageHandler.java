package io.millrace.transport;

import java.nio.ByteBuffer;

/** Takes messages that are pulled by {@link Connection#poll(MessageHandler, int)}, on the pulling thread. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes one message. An exception goes to the caller of the poll; the message counts as taken.
     *
     * @param buffer that holds it, during the call only; its position and limit mean nothing, and must stay as they are.
     * @param offset of its first byte.
     * @param length in bytes.
     */
    void onMessage(ByteBuffer buffer, int offset, int length);
}
