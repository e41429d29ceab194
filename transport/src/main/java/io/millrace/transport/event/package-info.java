/**
 * Events of the JDK's Flight Recorder: {@code io.millrace.ConnectionOpen}, {@code io.millrace.TlsHandshake},
 * {@code io.millrace.ConnectionClose}, {@code io.millrace.BackPressure} and {@code io.millrace.SlowConsumer}. A
 * {@link io.millrace.transport.event.FlightRecord} writes those of one connection; nothing else here is to be used. Not
 * exported.
 *
 * <p>None of them is made for a message. While nobody records, each costs one test of a flag that the JIT compiler folds,
 * at the opening, the end, and each time that senders begin to wait.
 */
package io.millrace.transport.event;
