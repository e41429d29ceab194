/**
 * TLS as a state machine over any {@link javax.net.ssl.SSLEngine}. No sockets, no threads.
 *
 * <pre>
 *  TlsIdentity, TlsTrust --&gt; TlsContext --conclude--&gt; engines         any thread, immutable from then on
 *  TlsContextReference --get--&gt; TlsContext --client, server--&gt; TlsSide     one for each connection
 *  TlsSide --begin--&gt; TlsEngineDriver                                 the connection's thread alone
 * </pre>
 *
 * <p>Whoever drives a {@link io.millrace.transport.tls.TlsEngineDriver} is the one thread that touches its engine.
 */
package io.millrace.transport.tls;
