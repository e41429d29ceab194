/**
 * Benchmarks, the load rig, the report and the demo, with what they share: {@link io.millrace.jmh.SelfSignedCertificate} for
 * TLS on loopback, {@link io.millrace.jmh.Environment} for where figures were taken. Not a library: nothing depends on it but
 * tests.
 */
package io.millrace.jmh;
