/**
 * The PROXY protocol, by which a proxy says on whose behalf it connects: HAProxy's {@code proxy-protocol.txt} of
 * 2020/03/05, versions 1 and 2, receiving only. A {@link io.millrace.transport.channel.proxy.ProxyChannel} stands between a
 * connection and its socket; its parser is a machine that can stop at any byte.
 */
package io.millrace.transport.channel.proxy;
