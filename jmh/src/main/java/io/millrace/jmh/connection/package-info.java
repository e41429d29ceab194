/**
 * Whole connections against their peers, both ends in one JVM over loopback. {@link io.millrace.jmh.connection.OneWay}
 * asks how many messages a second reach the receiver, {@link io.millrace.jmh.connection.PingPong} how long a round trip
 * takes; each has a twin over TLS, and one for Aeron, which needs a flag; those over WebSocket are in
 * {@link io.millrace.jmh.websocket}. {@link io.millrace.jmh.connection.Handshakes} dials. {@link io.millrace.jmh.connection.IdleConnections} is a main that asks what an idle
 * connection costs.
 *
 * <p>A {@link io.millrace.jmh.connection.Fleet} is one peer: a server and clients that carry messages behind a length of four bytes; a
 * {@link io.millrace.jmh.connection.Link} has one client. {@link io.millrace.jmh.connection.Links} makes them by name; what is not ours begins with
 * {@code baseline}. Every payload is checked where it arrives, by sender, sequence and checksum, so that a peer which
 * loses, tears or reorders fails its benchmark.
 */
package io.millrace.jmh.connection;
