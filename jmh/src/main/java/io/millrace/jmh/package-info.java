/**
 * Benchmarks and the demo, with what they share: {@link io.millrace.jmh.SelfSignedCertificate} for TLS on loopback. Not
 * a library: nothing depends on it but tests.
 */
package io.millrace.jmh;
