package io.millrace.transport.channel;

/**
 * An engine that carries messages by itself, reliably and in order, chosen by the scheme of a URI: the counterpart of
 * {@link ChannelScheme}, whose channels are streams of bytes. Framing, TLS and WebSocket are not laid over it. Found as those
 * are, by {@link java.util.ServiceLoader}, or given to the transport by
 * {@link io.millrace.transport.TransportContext#messageScheme}, which goes before.
 *
 * <p>Immutable, with a public constructor without arguments if it is to be found; any thread calls it. Nothing is loaded or
 * started before {@link #open()}.
 */
public interface MessageScheme {
    /**
     * The scheme of the URIs that it understands.
     *
     * @return lower case, as in {@code aeron}.
     */
    String name();

    /**
     * Readies the engine for one transport, when that first needs it.
     *
     * @return the engine, which is closed with the transport.
     * @throws IllegalStateException if the process lacks something that the engine needs: names it.
     */
    MessageEngine open();
}
