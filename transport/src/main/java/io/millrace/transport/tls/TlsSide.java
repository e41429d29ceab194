package io.millrace.transport.tls;

import io.millrace.ring.Memory;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import javax.net.ssl.SSLException;

/**
 * One side's TLS of one connection, before it begins: its engine is made when the connection is, and a session to resume is
 * taken no sooner, so that a dial that fails spends none. It keeps the context it was made by, whatever comes after.
 */
public final class TlsSide {
    private final EngineFactory engines;
    private final ClientTickets tickets;
    private final String host;
    private final int port;
    private final int fixedSlot;
    private SlotLease lease = SlotLease.NONE;
    private TlsEngineDriver driver;

    private TlsSide(
            final EngineFactory engines,
            final ClientTickets tickets,
            final String host,
            final int port,
            final int fixedSlot) {
        this.engines = engines;
        this.tickets = tickets;
        this.host = host;
        this.port = port;
        this.fixedSlot = fixedSlot;
    }

    static TlsSide server(final EngineFactory engines) {
        return new TlsSide(engines, null, null, 0, 0);
    }

    /** A client whose sessions go by slots. */
    static TlsSide client(final EngineFactory engines, final ClientTickets tickets, final String host, final int port) {
        return new TlsSide(engines, tickets, host, port, 0);
    }

    /** A client whose sessions are the business of the provider's own cache. */
    static TlsSide client(final EngineFactory engines, final String host, final int port) {
        return new TlsSide(engines, null, host, port, port);
    }

    static TlsSide clientWithoutResumption(final EngineFactory engines, final String host, final int port) {
        return new TlsSide(engines, null, host, port, engines.portWithoutSession());
    }

    /**
     * The memory that its engine is fastest on.
     *
     * @return on the heap for engines in Java, as the JDK's.
     */
    public Memory memory() {
        return engines.memory();
    }

    /**
     * Makes the engine and begins the handshake: to be called once, when the connection is made, by its thread.
     *
     * @return the driver of the engine.
     * @throws SSLException if the engine refuses.
     */
    public TlsEngineDriver begin() throws SSLException {
        if (host == null) {
            driver = new TlsEngineDriver(engines.server());
        } else if (tickets == null) {
            driver = new TlsEngineDriver(engines.client(host, fixedSlot));
        } else {
            beginInSlot();
        }
        driver.begin();
        return driver;
    }

    private void beginInSlot() {
        final SessionKey key = tickets.key(host, port);
        final TakenTicket taken = tickets.take(key);
        try {
            lease = new SlotLease(
                    tickets, key, taken == null ? ClientTickets.newSlot() : (int) taken.slot(), taken != null);
            driver = new TlsEngineDriver(engines.client(host, lease.slot()), lease);
        } catch (final RuntimeException | Error ex) {
            if (taken != null) {
                tickets.giveBack(taken);
            }
            throw ex;
        }
        if (taken != null) {
            // The hello is built by beginning.
            taken.spendSlot();
        }
    }

    /**
     * Whether its handshake, having failed, may do better without an offer to resume a session. The connection's thread.
     *
     * @param reset whether the peer reset the connection; otherwise TLS has failed, or the connection merely ended.
     * @return true if it offered one, the server had not declined that, and the connection did not merely end.
     */
    public boolean mayRetry(final boolean reset) {
        return lease.isOffered() && driver.mayOfferHaveFailed(reset);
    }

    /**
     * The same side for another connection, which offers no session: to be used after a handshake that failed offering one.
     *
     * @return the side, which has not begun.
     */
    public TlsSide withoutOffer() {
        tickets.failedOffering();
        tickets.retried();
        return clientWithoutResumption(engines, host, port);
    }
}
