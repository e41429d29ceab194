/**
 * Load at a fixed rate, over 1 to 10,000 connections to one server on loopback, both ends in one JVM, or each in one of its own:
 * {@link io.millrace.jmh.load.LoadRig} is the command.
 *
 * <p>A {@link io.millrace.jmh.load.Schedule} says when each message is due; {@link io.millrace.jmh.load.Generator}s, one
 * thread each, send it then, or late and at once; a {@link io.millrace.jmh.load.Sink} a connection checks it, works out from its number
 * when it was due, and records the difference in {@link io.millrace.jmh.load.Latencies}. So a peer that stalls its sender pays for
 * everything that was due meanwhile. A step is not held if less than 99 % of what was due has arrived when it ends; what was never
 * sent counts with the time that it had waited by then, which is the least it would have taken.
 *
 * <p>With {@code --server-jvm} the sinks, and what they record, are in a {@link io.millrace.jmh.load.LoadServer}: one process may not have
 * open files enough for both ends of 10,000 connections. What is used counts over both JVMs.
 *
 * <p>CPU for a message is that of all threads but what the senders spend on waiting for their time, which is
 * estimated: of one offer in 64 the CPU is measured. Senders that wait give their core to others by yielding.
 */
package io.millrace.jmh.load;
