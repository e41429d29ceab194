/**
 * TLS as a state machine over any {@link javax.net.ssl.SSLEngine}. No sockets, no threads: whoever drives a
 * {@link io.millrace.transport.tls.TlsEngineDriver} is the one thread that touches its engine.
 */
package io.millrace.transport.tls;
