package io.millrace.jmh.demo;

import io.millrace.transport.TlsInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One TLS connection on loopback, with its server: what the demo compares. The server checks records with a
 * {@link RecordReceiver} and echoes pings.
 */
interface Link extends AutoCloseable {
    /** Makes a link that is connected. */
    @FunctionalInterface
    interface Factory {
        /** Opens; {@code onEcho} gets the scheduled time of each ping that comes back, on one thread. */
        Link open(RecordReceiver receiver, LongConsumer onEcho) throws Exception;
    }

    /** Sends the record between position and limit; waits while the link is full. False if the link is closed. */
    boolean send(ByteBuffer record);

    /** What TLS agreed on; empty without TLS. */
    Optional<TlsInfo> tls();

    /** Sends what was accepted, waits until the server has read it, then frees everything. */
    @Override
    void close() throws IOException;
}
