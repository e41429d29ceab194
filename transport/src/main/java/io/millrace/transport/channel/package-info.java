/**
 * Sockets: the seam between a connection and the network, which tests replace. A
 * {@link io.millrace.transport.channel.ConnectionChannel} belongs to its connection's thread, which also sleeps on it;
 * other threads only wake it.
 */
package io.millrace.transport.channel;
