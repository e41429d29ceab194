/**
 * Duty cycles. A {@link io.millrace.transport.agent.ConnectionAgent} composes a channel, perhaps a TLS engine, a framing
 * protocol, an outbound ring and a handler; one thread at a time drives it. Senders touch its ring and its doorbell, and
 * nothing else.
 *
 * <pre>
 *  senders --offer--&gt; ring --region--&gt; Pipe (plain or TLS) --&gt; channel
 *                                       handler &lt;--messages-- Inbound &lt;-- Pipe &lt;-- channel
 * </pre>
 */
package io.millrace.transport.agent;
