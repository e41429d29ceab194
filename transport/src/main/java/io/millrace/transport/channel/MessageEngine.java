package io.millrace.transport.channel;

import java.io.IOException;
import java.net.URI;

/** One transport's share in an engine. Any thread. */
public interface MessageEngine extends AutoCloseable {
    /**
     * Begins to listen. May look a name up, and wait for the engine.
     *
     * @param uri     to listen on.
     * @param options of the channels that will be accepted.
     * @return what to accept from, bound.
     * @throws IllegalArgumentException if the URI is not of the scheme's form, or a value in it out of range; names it.
     * @throws IOException              if the address can't be bound; says why.
     */
    MessageServer bind(URI uri, MessageOptions options) throws IOException;

    /**
     * Makes a channel that connects by {@link MessageChannel#finishConnect()}. Does not wait.
     *
     * @param uri     to connect to.
     * @param options of the channel.
     * @return a channel that is not connected.
     * @throws IllegalArgumentException if the URI is not of the scheme's form, or a value in it out of range; names it.
     * @throws IOException              if there is no channel to be had.
     */
    MessageChannel connect(URI uri, MessageOptions options) throws IOException;

    /** The transport needs no more of it; what it has made and is not closed lives on. Idempotent. */
    @Override
    void close();
}
