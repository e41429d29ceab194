/**
 * Benchmarks of the session structures against the mutex versions that real systems used, and against the best peers.
 * {@link io.millrace.jmh.session.RegistryDesignBenchmark} keeps the designs of the registry that lost, next to the one
 * that won.
 */
package io.millrace.jmh.session;
