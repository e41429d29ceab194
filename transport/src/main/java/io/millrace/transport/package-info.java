/**
 * The public face: a {@link io.millrace.transport.Transport} listens and connects, a
 * {@link io.millrace.transport.Connection} takes messages from any thread without blocking, and a
 * {@link io.millrace.transport.ConnectionHandler} gets what happens, on the connection's one thread.
 *
 * <p>Data flow: a sender's offer puts the framed message into the connection's outbound ring, which keeps the bytes as
 * they go to the wire; the connection's thread takes whole batches from there, encrypts them if need be, and writes. What
 * it reads, it decrypts, cuts into messages and hands to the handler itself, with nothing held.
 *
 * <p>Messages may be pulled instead, by one other thread: {@link io.millrace.transport.Connection#poll}. The JDK's Flight
 * Recorder is told, if it records, of {@code io.millrace.ConnectionOpen}, {@code TlsHandshake}, {@code ConnectionClose},
 * {@code BackPressure} and {@code SlowConsumer}.
 *
 * <p>Where locks remain: in the kernel, in the JDK's channels and selectors, and inside JSSE.
 */
package io.millrace.transport;
