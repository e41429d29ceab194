/**
 * Our rings against their peers: {@link io.millrace.jmh.ring.ManyToOneThroughput},
 * {@link io.millrace.jmh.ring.OneToOneThroughput}, {@link io.millrace.jmh.ring.BurstCost} and
 * {@link io.millrace.jmh.ring.HandOff}; the {@code Agrona*} twins are Agrona's rings under the one flag they need. A
 * {@link io.millrace.jmh.ring.Peer} is a bounded queue of byte records; every record is checked when it is read, so
 * that a queue which loses, tears or reorders fails its benchmark.
 */
package io.millrace.jmh.ring;
