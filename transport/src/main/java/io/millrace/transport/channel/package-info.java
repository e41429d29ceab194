/**
 * The seam between connections and the network, which tests replace and new transports plug into. A
 * {@link io.millrace.transport.channel.ChannelScheme} is found by the scheme of a URI; it listens with a
 * {@link io.millrace.transport.channel.ServerChannel} and connects with a
 * {@link io.millrace.transport.channel.ConnectionChannel}, which is a stream of bytes that never blocks.
 *
 * <p>An engine that carries messages by itself plugs in one floor higher: a {@link io.millrace.transport.channel.MessageScheme}
 * listens with a {@link io.millrace.transport.channel.MessageServer} and connects with a
 * {@link io.millrace.transport.channel.MessageChannel}, whose senders write to the engine themselves.
 *
 * <p>A channel belongs to the one thread of its listener or connection, which also sleeps on it; other threads only wake it.
 */
package io.millrace.transport.channel;
