package io.millrace.transport.channel;

import java.io.IOException;
import java.net.URI;

/**
 * A kind of channel, chosen by the scheme of a URI. Millrace finds the schemes that are on the module path
 * ({@code provides}) or the class path ({@code META-INF/services}) by {@link java.util.ServiceLoader}, once for each
 * transport, so a new kind of channel needs no change here.
 *
 * <p>What a scheme gives is a stream of bytes in order. Framing and TLS are laid over it by the transport; a scheme that
 * has messages or an encryption of its own brings them as bytes for now.
 *
 * <p>Immutable, with a public constructor without arguments; any thread calls it.
 */
public interface ChannelScheme {
    /**
     * The scheme of the URIs that it understands.
     *
     * @return lower case, as in {@code tcp}.
     */
    String name();

    /**
     * Whether the transport lays TLS over the channels. A client checks the server's certificate against the URI's host,
     * so connecting by such a scheme takes a host.
     *
     * @return true for TLS.
     */
    default boolean isTls() {
        return false;
    }

    /**
     * Begins to listen. May look a name up, and block for that.
     *
     * @param uri     to listen on.
     * @param options for the sockets.
     * @return a bound channel.
     * @throws IllegalArgumentException if the URI is not of the scheme's form; names it.
     * @throws IOException              if the address can't be bound; names it.
     */
    ServerChannel bind(URI uri, ChannelOptions options) throws IOException;

    /**
     * Makes a channel that connects by {@link ConnectionChannel#finishConnect()}. Does not block.
     *
     * @param uri     to connect to.
     * @param options for the socket.
     * @return a channel that is not connected.
     * @throws IllegalArgumentException if the URI is not of the scheme's form; names it.
     * @throws IOException              if there is no socket to be had.
     */
    ConnectionChannel connect(URI uri, ChannelOptions options) throws IOException;
}
