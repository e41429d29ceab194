/**
 * The demo: {@link io.millrace.jmh.demo.Demo} streams the records of a {@link io.millrace.jmh.demo.DemoInput} from
 * several sender threads through one {@link io.millrace.jmh.demo.Link}, once over Millrace and once over the JDK's
 * {@code SSLSocket}, and counts what arrives.
 *
 * <p>Threads: {@link io.millrace.jmh.demo.StreamRun} starts four senders and a pinger; the link calls its
 * {@link io.millrace.jmh.demo.RecordReceiver} on the server's one reading thread and reports echoes on the client's.
 *
 * <p>With {@code demo.live} a {@link io.millrace.jmh.demo.LiveDemo} runs a {@link io.millrace.jmh.demo.LiveLoad} instead, and
 * shows it on a {@link io.millrace.jmh.demo.LivePage}. Four times a second its thread reads the counters
 * ({@link io.millrace.jmh.demo.LiveCounts}), has a {@link io.millrace.jmh.demo.LiveSampler} make a
 * {@link io.millrace.jmh.demo.LiveSample} of them, and publishes that to all viewers by a broadcast. The page lies among the
 * resources of this package: {@code live.html}, {@code live.css}, {@code live.js}.
 */
package io.millrace.jmh.demo;
