package io.millrace.jmh.connection;

import java.util.List;

/**
 * What a name of one of Netty's rows chooses.
 *
 * @param io   the way to the kernel.
 * @param tls  the engine.
 * @param best whether it is used as its documents advise, not as its examples do.
 */
public record NettyChoice(NettyIo io, NettyTls tls, boolean best) {
    /**
     * Reads a name: {@code nio}, {@code epoll} or {@code uring}, then {@code -tcnative}, then {@code -best}.
     *
     * @param name     without what all of Netty's rows begin with.
     * @param security below the messages.
     * @return the choice.
     * @throws IllegalArgumentException if it chooses something else, too, or an engine without TLS.
     */
    public static NettyChoice parse(final String name, final Security security) {
        final List<String> words = List.of(name.split("-"));
        final boolean best = words.contains("best");
        final boolean tcnative = words.contains("tcnative");
        if (words.size() != 1 + (best ? 1 : 0) + (tcnative ? 1 : 0) || (tcnative && security == Security.PLAIN)) {
            throw new IllegalArgumentException("no such peer: peer=baseline-netty-" + name + " security=" + security);
        }
        final NettyTls engine = tcnative ? NettyTls.TCNATIVE : NettyTls.JDK;
        return new NettyChoice(NettyIo.of(words.get(0)), security == Security.PLAIN ? NettyTls.NONE : engine, best);
    }
}
