/**
 * What lies between a ring and a socket, in memory and on one thread, against its natural peers: the decoders of the framing
 * protocols, WebSocket's frames, and the driver of TLS engines beside a bare loop.
 */
package io.millrace.jmh.frame;
