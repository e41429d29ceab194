/**
 * Framing protocols: how messages lie in the stream. A {@link io.millrace.transport.Protocol} is immutable and shared;
 * its decoder belongs to one connection's thread.
 */
package io.millrace.transport.frame;
