package io.millrace.transport.agent;

import io.millrace.transport.AddressFilter;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.ListenerCounters;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.ProxyInfo;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.TransportCounters;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/**
 * Who may connect to a listener. {@link #enter} belongs to the listener's thread, each {@link Entry} to one thread at a
 * time; what they share are counts. With PROXY headers a peer is judged twice: the proxy by its socket, and the client
 * behind it when the header has come.
 */
final class Admission implements ListenerCounters {
    private final ListenerContext settings;
    private final TransportCounters transportCounters;
    private final Optional<TokenBucket> rate;
    private final AddressCounts byAddress = new AddressCounts();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final Map<RefusalReason, AtomicLong> refused = new EnumMap<>(RefusalReason.class);

    Admission(final ListenerContext settings, final NanoClock clock, final TransportCounters transportCounters) {
        this.settings = settings;
        this.transportCounters = transportCounters;
        rate = settings.acceptsPerSecond() == ListenerContext.UNLIMITED
                ? Optional.empty()
                : Optional.of(new TokenBucket(clock, settings.acceptsPerSecond(), settings.acceptBurst()));
        for (final RefusalReason reason : RefusalReason.values()) {
            refused.put(reason, new AtomicLong());
        }
    }

    /**
     * Judges a peer.
     *
     * @return what to leave by; null if it is refused, which is counted.
     */
    Entry enter(final SocketAddress peer) {
        final Entry entry = new Entry();
        RefusalReason reason = null;
        if (!settings.proxySources().orElse(AddressFilter.ALL).allows(peer)) {
            reason = RefusalReason.NOT_A_PROXY;
        } else if (settings.proxySources().isEmpty()) {
            reason = entry.claim(peer);
        }
        // Only this thread adds to these two, so a look before is enough.
        if (reason == null && connections.get() >= settings.maxConnections()) {
            reason = RefusalReason.TOO_MANY_CONNECTIONS;
        }
        if (reason == null && handshakes.get() >= settings.maxHandshakes()) {
            reason = RefusalReason.TOO_MANY_HANDSHAKES;
        }
        // Last, so that who is refused for another reason costs the others no token.
        if (reason == null && rate.isPresent() && !rate.get().tryTake()) {
            reason = RefusalReason.TOO_FAST;
        }
        if (reason != null) {
            entry.unclaim();
            refuse(reason);
            return null;
        }
        connections.incrementAndGet();
        handshakes.incrementAndGet();
        accepted.incrementAndGet();
        return entry;
    }

    void refuse(final RefusalReason reason) {
        refused.get(reason).incrementAndGet();
        transportCounters.onRefused(reason);
    }

    @Override
    public long accepted() {
        return accepted.get();
    }

    @Override
    public long refused(final RefusalReason reason) {
        return refused.get(reason).get();
    }

    @Override
    public int connections() {
        return connections.get();
    }

    @Override
    public int handshakes() {
        return handshakes.get();
    }

    @Override
    public String toString() {
        return "accepted=" + accepted + " connections=" + connections + " handshakes=" + handshakes + " refused="
                + refused.entrySet().stream()
                        .filter(each -> each.getValue().get() != 0)
                        .toList();
    }

    /** One peer that was let in. */
    final class Entry {
        private SocketAddress claimed;
        private boolean opened;
        private boolean left;

        /**
         * Judges the client behind a proxy, now that it is known.
         *
         * @throws ProtocolException if it is refused, which is counted.
         */
        void identify(final ProxyInfo info) {
            if (info.source().isEmpty()) {
                return;
            }
            final RefusalReason reason = claim(info.source().get());
            if (reason != null) {
                refuse(reason);
                throw new ProtocolException(
                        CloseReason.REFUSED,
                        CloseReason.REFUSED.text() + ": " + reason.text() + ": address="
                                + info.source().get());
            }
        }

        private RefusalReason claim(final SocketAddress peer) {
            if (!settings.addressFilter().allows(peer)) {
                return RefusalReason.ADDRESS_DENIED;
            }
            if (settings.maxConnectionsPerAddress() != ListenerContext.UNLIMITED) {
                if (!byAddress.tryAdd(peer, settings.maxConnectionsPerAddress())) {
                    return RefusalReason.TOO_MANY_FROM_ADDRESS;
                }
                claimed = peer;
            }
            return null;
        }

        private void unclaim() {
            if (claimed != null) {
                byAddress.remove(claimed);
                claimed = null;
            }
        }

        /** The connection is open: its handshake is done. */
        void opened() {
            if (!opened) {
                opened = true;
                handshakes.decrementAndGet();
            }
        }

        /** The connection is over. Idempotent. */
        void leave() {
            if (!left) {
                left = true;
                opened();
                unclaim();
                connections.decrementAndGet();
            }
        }
    }
}
