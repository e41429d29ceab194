package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.NettyChoice;
import io.millrace.jmh.connection.Security;

/** Makes links over WebSocket by name. */
public final class WebSocketLinks {
    private static final String NETTY = "baseline-netty-";

    private WebSocketLinks() {}

    /**
     * The factory of a peer's links.
     *
     * @param name     as in the parameters of the benchmarks.
     * @param security below WebSocket.
     * @return the factory.
     * @throws IllegalArgumentException if there is no such peer, or not with that security.
     */
    public static Link.Factory of(final String name, final Security security) {
        if (name.startsWith(NETTY)) {
            final NettyChoice choice = NettyChoice.parse(name.substring(NETTY.length()), security);
            return (server, client) -> new NettyWebSocketLink(choice, server, client);
        }
        return switch (name) {
            case "baseline-java-websocket" ->
                (server, client) -> new JavaWebSocketLink(security, false, server, client);
            case "baseline-java-websocket-best" ->
                (server, client) -> new JavaWebSocketLink(security, true, server, client);
            case "baseline-jetty" -> (server, client) -> new JettyLink(security, server, client);
            case "baseline-jetty-best" -> (server, client) -> new JettyCoreLink(security, server, client);
            case "millrace" -> (server, client) -> new MillraceWebSocketLink(security, true, server, client);
            case "millrace-binary" -> (server, client) -> new MillraceWebSocketLink(security, false, server, client);
            default -> throw new IllegalArgumentException("no such peer: peer=" + name);
        };
    }

    /**
     * The security of a scheme.
     *
     * @param scheme {@code ws} or {@code wss}.
     * @return what lies below.
     */
    public static Security security(final String scheme) {
        return switch (scheme) {
            case "ws" -> Security.PLAIN;
            case "wss" -> Security.TLS;
            default -> throw new IllegalArgumentException("no such scheme: scheme=" + scheme);
        };
    }

    /**
     * The scheme of a security.
     *
     * @param security below.
     * @return {@code ws} or {@code wss}.
     */
    static String scheme(final Security security) {
        return security == Security.PLAIN ? "ws" : "wss";
    }
}
