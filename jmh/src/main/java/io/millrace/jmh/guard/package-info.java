/**
 * Sees in a minute that nothing has become half as fast: a few ratios of ours over a peer's, each measured in one JVM, in short
 * rounds that take turns. {@link io.millrace.jmh.guard.Guard} is the main; {@code mvn -q -Pguard verify} runs it. What is
 * measured is what the benchmarks of the other packages measure, payload checks and all.
 */
package io.millrace.jmh.guard;
