package io.millrace.jmh.connection;

import io.millrace.transport.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.agrona.CloseHelper;

/** Makes fleets by name. */
public final class Fleets {
    private static final String AERON_IPC = "aeron:ipc";
    private static final String AERON_UDP = "aeron:udp?endpoint=localhost:0";
    private static final String NETTY = "baseline-netty-";

    private Fleets() {}

    /**
     * Finds a peer that drives many connections together, or lines up as many links of one that does not.
     *
     * @param name     of the peer, as in {@link Links}.
     * @param security what lies below its messages.
     * @return what makes the fleet.
     * @throws IllegalArgumentException if there is no such peer.
     */
    public static Fleet.Factory of(final String name, final Security security) {
        return shared(name, security).orElseGet(() -> separate(Links.of(name, security)));
    }

    /**
     * Finds a peer whose server may have a JVM of its own, over plain TCP.
     *
     * @param name of the peer, as in {@link Links}.
     * @return what makes its ends.
     * @throws IllegalArgumentException if there is no such peer, or it may not.
     */
    public static Fleet.Ends apart(final String name) {
        if (of(name, Security.PLAIN) instanceof Fleet.Ends ends) {
            return ends;
        }
        throw new IllegalArgumentException("not with a server in its own JVM: peer=" + name);
    }

    /** Empty for a peer whose connections have nothing in common. */
    static Optional<Fleet.Factory> shared(final String name, final Security security) {
        if (name.startsWith(NETTY)) {
            return Optional.of(NettyFleet.factory(NettyChoice.parse(name.substring(NETTY.length()), security)));
        }
        return Optional.ofNullable(
                switch (name) {
                    case "millrace-aeron-ipc" -> MillraceFleet.aeron(AERON_IPC, AeronUse.DEFAULTS);
                    case "millrace-aeron-ipc-best" -> MillraceFleet.aeron(AERON_IPC, AeronUse.YIELDING);
                    case "millrace-aeron-ipc-backoff" -> MillraceFleet.aeron(AERON_IPC, AeronUse.BACKING_OFF);
                    case "millrace-aeron-udp" -> MillraceFleet.aeron(AERON_UDP, AeronUse.DEFAULTS);
                    case "millrace-aeron-udp-best" -> MillraceFleet.aeron(AERON_UDP, AeronUse.YIELDING);
                    case "millrace" -> MillraceFleet.factory(security, Waiting.ADAPTIVE);
                    case "millrace-conscrypt" -> MillraceFleet.conscrypt(security);
                    case "millrace-parking" -> MillraceFleet.factory(security, Waiting.PARKING);
                    case "millrace-pull" -> MillraceFleet.pulled(security);
                    case "millrace-spinning" -> MillraceFleet.factory(security, Waiting.SPINNING);
                    case "millrace-virtual" -> MillraceFleet.virtual(security, Waiting.ADAPTIVE);
                    case "millrace-virtual-parking" -> MillraceFleet.virtual(security, Waiting.PARKING);
                    case "millrace-virtual-pair" -> MillraceFleet.virtualPair(plain(security, Waiting.ADAPTIVE));
                    case "millrace-virtual-pair-parking" -> MillraceFleet.virtualPair(plain(security, Waiting.PARKING));
                    case "millrace-virtual-selectors" ->
                        MillraceFleet.virtualWithSelectors(plain(security, Waiting.ADAPTIVE));
                    case "millrace-virtual-selectors-parking" ->
                        MillraceFleet.virtualWithSelectors(plain(security, Waiting.PARKING));
                    default -> null;
                });
    }

    private static Waiting plain(final Security security, final Waiting waiting) {
        if (security != Security.PLAIN) {
            throw new IllegalArgumentException("only plain: security=" + security);
        }
        return waiting;
    }

    private static Fleet.Factory separate(final Link.Factory links) {
        return (server, client) -> new Separate(links, server, client);
    }

    /** A listener for each connection. One thread. */
    private static final class Separate implements Fleet {
        private final List<Link> links = new ArrayList<>();
        private final Link.Factory factory;
        private final Supplier<Link.Receiver> atServer;
        private final Supplier<Link.Receiver> atClient;

        Separate(
                final Link.Factory factory,
                final Supplier<Link.Receiver> atServer,
                final Supplier<Link.Receiver> atClient) {
            this.factory = factory;
            this.atServer = atServer;
            this.atClient = atClient;
        }

        @Override
        public Link.Sender connect() throws Exception {
            final Link link = factory.open(atServer.get(), atClient.get());
            links.add(link);
            return link.sender();
        }

        @Override
        public void close() {
            CloseHelper.closeAll(links);
        }
    }
}
