/**
 * Stream sockets: TCP and Unix. A {@link io.millrace.transport.channel.socket.TcpScheme}, a
 * {@link io.millrace.transport.channel.socket.TlsScheme} and a {@link io.millrace.transport.channel.socket.UnixScheme} are
 * found by the service loader; they make one kind of server channel and one kind of connection channel.
 *
 * <p>A socket's thread sleeps on a {@link io.millrace.transport.channel.socket.SelectorParker} of its own, the fastest, or on
 * one {@link io.millrace.transport.channel.socket.SharedPoller} with many others, for one descriptor each. A
 * {@link io.millrace.transport.channel.socket.DetachableParker} goes from the first to the second while the socket has no thread.
 */
package io.millrace.transport.channel.socket;
