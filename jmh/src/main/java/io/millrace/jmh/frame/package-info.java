/** Benchmarks of the framing protocols' decoders against their natural peers. */
package io.millrace.jmh.frame;
