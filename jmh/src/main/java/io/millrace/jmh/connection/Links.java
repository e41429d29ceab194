package io.millrace.jmh.connection;

import io.millrace.transport.Waiting;

/** Makes links by name. */
public final class Links {
    private static final String NETTY = "baseline-netty-";

    private Links() {}

    /**
     * The factory of a peer's links.
     *
     * @param name     as in the parameters of the benchmarks.
     * @param security below the messages.
     * @return the factory.
     * @throws IllegalArgumentException if there is no such peer, or not with that security.
     */
    public static Link.Factory of(final String name, final Security security) {
        if (name.startsWith(NETTY)) {
            return netty(name.substring(NETTY.length()), security);
        }
        return switch (name) {
            case "baseline-socket" -> SocketLink.factory(security, SocketLink.Mode.WRITE_EACH);
            case "baseline-engine" -> SocketLink.factory(security, SocketLink.Mode.ENGINE);
            case "baseline-socket-buffered" -> SocketLink.factory(security, SocketLink.Mode.BUFFERED);
            case "baseline-socket-spinning" -> SocketLink.factory(security, SocketLink.Mode.SPINNING);
            case "millrace" -> MillraceLink.factory(security, Waiting.ADAPTIVE);
            case "millrace-conscrypt" -> MillraceLink.conscrypt(security);
            case "millrace-parking" -> MillraceLink.factory(security, Waiting.PARKING);
            case "millrace-pull" -> MillraceLink.pulled(security);
            case "millrace-spinning" -> MillraceLink.factory(security, Waiting.SPINNING);
            case "millrace-virtual" -> MillraceLink.virtual(scheme(security), Waiting.ADAPTIVE);
            case "millrace-virtual-parking" -> MillraceLink.virtual(scheme(security), Waiting.PARKING);
            case "millrace-virtual-pair" -> MillraceLink.virtual("pair", Waiting.ADAPTIVE);
            case "millrace-virtual-pair-parking" -> MillraceLink.virtual("pair", Waiting.PARKING);
            case "millrace-virtual-selectors" -> MillraceLink.virtualWithSelectors(Waiting.ADAPTIVE);
            case "millrace-virtual-selectors-parking" -> MillraceLink.virtualWithSelectors(Waiting.PARKING);
            default -> throw new IllegalArgumentException("no such peer: peer=" + name);
        };
    }

    private static String scheme(final Security security) {
        if (security != Security.PLAIN) {
            throw new IllegalArgumentException("only plain: security=" + security);
        }
        return "tcp";
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
