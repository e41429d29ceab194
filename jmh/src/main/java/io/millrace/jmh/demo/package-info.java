/**
 * The demo: {@link io.millrace.jmh.demo.Demo} streams the records of a {@link io.millrace.jmh.demo.DemoInput} from
 * several sender threads through one {@link io.millrace.jmh.demo.Link}, once over Millrace and once over the JDK's
 * {@code SSLSocket}, and counts what arrives.
 *
 * <p>Threads: {@link io.millrace.jmh.demo.StreamRun} starts four senders and a pinger; the link calls its
 * {@link io.millrace.jmh.demo.RecordReceiver} on the server's one reading thread and reports echoes on the client's.
 */
package io.millrace.jmh.demo;
