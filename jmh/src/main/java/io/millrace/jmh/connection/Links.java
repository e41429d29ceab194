package io.millrace.jmh.connection;

import io.millrace.transport.Waiting;

/** Makes links by name. */
final class Links {
    private static final String NETTY = "baseline-netty-";

    private Links() {}

    static Link.Factory of(final String name, final Security security) {
        if (name.startsWith(NETTY)) {
            return netty(name.substring(NETTY.length()), security);
        }
        return switch (name) {
            case "baseline-socket" -> SocketLink.factory(security, SocketLink.Mode.WRITE_EACH);
            case "baseline-socket-buffered" -> SocketLink.factory(security, SocketLink.Mode.BUFFERED);
            case "baseline-socket-spinning" -> SocketLink.factory(security, SocketLink.Mode.SPINNING);
            case "millrace" -> MillraceLink.factory(security, Waiting.ADAPTIVE);
            case "millrace-parking" -> MillraceLink.factory(security, Waiting.PARKING);
            case "millrace-pull" -> MillraceLink.pulled(security);
            case "millrace-spinning" -> MillraceLink.factory(security, Waiting.SPINNING);
            default -> throw new IllegalArgumentException("no such peer: peer=" + name);
        };
    }

    /** {@code nio}, {@code epoll} or {@code uring}, then {@code -tcnative}, then {@code -best}. */
    private static Link.Factory netty(final String name, final Security security) {
        final NettyIo io = NettyIo.of(name.split("-", 2)[0]);
        final NettyUse use = name.endsWith("-best") ? NettyUse.BEST : NettyUse.NATURAL;
        final NettyTls tls;
        if (security == Security.PLAIN) {
            tls = NettyTls.NONE;
        } else {
            tls = name.contains("-tcnative") ? NettyTls.TCNATIVE : NettyTls.JDK;
        }
        return (server, client) -> new NettyLink(io, use, tls, server, client);
    }
}
