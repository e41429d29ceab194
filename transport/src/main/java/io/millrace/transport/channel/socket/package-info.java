/**
 * Stream sockets: TCP and Unix. A {@link io.millrace.transport.channel.socket.TcpScheme}, a
 * {@link io.millrace.transport.channel.socket.TlsScheme} and a {@link io.millrace.transport.channel.socket.UnixScheme} are
 * found by the service loader; they make one kind of server channel and one kind of connection channel, each with a
 * selector of its own to sleep on.
 */
package io.millrace.transport.channel.socket;
