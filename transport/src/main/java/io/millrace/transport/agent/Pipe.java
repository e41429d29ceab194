package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import io.millrace.transport.TlsInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What lies between a connection's messages and its channel: nothing, or TLS. The connection's thread. */
interface Pipe {
    /** The stream has ended, in the proper way. */
    int END = -1;

    /** The memory this pipe likes its outbound regions to lie in. */
    Memory memory();

    /** Begins the handshake once the channel is connected. */
    void begin() throws IOException;

    /** Moves the handshake on; true once it is done. */
    boolean handshake() throws IOException;

    /** What the handshake agreed on, once it is done; empty without TLS. */
    Optional<TlsInfo> tls();

    /**
     * Receives content into the target, which has room for {@link #receiveRoom()}.
     *
     * @return bytes received, 0 for none, {@link #END} after the last.
     */
    int receive(ByteBuffer target) throws IOException;

    /** Whether nothing more can be received before the peer takes what it is owed. */
    boolean isHeldUp();

    /** Whether the next {@link #receive} can give an answer that there was no room for, and then go on. */
    boolean owesAnswer();

    /** Room that {@link #receive} needs to get anywhere. */
    int receiveRoom();

    /** Takes content from the source's position on; what is taken will be sent. */
    void send(ByteBuffer source) throws IOException;

    /** Writes on what was taken; true if nothing of it is left. */
    boolean flush() throws IOException;

    /** Content handed to the operating system so far; with TLS that of whole records. */
    long sentBytes();

    /** Ends the outbound stream behind what was taken; true once that is done. Idempotent. */
    boolean end() throws IOException;

    /** Lets go of buffers that hold nothing, and of those made until content comes again; true if none is held. */
    boolean rest();

    /** The thread is another than the one before, from here on. */
    default void attach() {}

    /** The thread is about to sleep. */
    default void beforeSleep() {}

    /** Gives all buffers back: nothing is sent or received any more, but the connection may be kept for long. Idempotent. */
    default void close() {}
}
