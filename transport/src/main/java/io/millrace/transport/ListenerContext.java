package io.millrace.transport;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Settings of a {@link Listener}. Set it up on one thread; {@link #conclude()} freezes it and what it holds, after which
 * any thread may read it. Setters check their value at once.
 */
public final class ListenerContext {
    /** The value of a limit that does not limit, which all are unless set. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int MOST_PER_SECOND = 1_000_000_000;

    private ConnectionContext connectionContext;
    private int backlog;
    private int maxConnections = UNLIMITED;
    private int maxConnectionsPerAddress = UNLIMITED;
    private int maxHandshakes = UNLIMITED;
    private int acceptsPerSecond = UNLIMITED;
    private int acceptBurst = 1;
    private AddressFilter addressFilter = AddressFilter.ALL;
    private AddressFilter proxySources;
    private long proxyTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private boolean concluded;

    /** Makes a context with the defaults. */
    public ListenerContext() {}

    /**
     * Checks the values against one another and freezes them. Idempotent; {@link Transport} does it.
     *
     * @return this.
     * @throws IllegalArgumentException if values don't go together.
     */
    public ListenerContext conclude() {
        if (!concluded) {
            if (connectionContext != null) {
                connectionContext.conclude();
            }
            concluded = true;
        }
        return this;
    }

    /**
     * Settings of the accepted connections.
     *
     * @return the context; empty for {@link TransportContext#connectionContext()}.
     */
    public Optional<ConnectionContext> connectionContext() {
        return Optional.ofNullable(connectionContext);
    }

    /**
     * Sets the settings of the accepted connections.
     *
     * @param context to use, which is concluded with this one.
     * @return this.
     */
    public ListenerContext connectionContext(final ConnectionContext context) {
        checkOpen();
        connectionContext = Objects.requireNonNull(context, "connectionContext");
        return this;
    }

    /**
     * Connections that the operating system keeps until they are accepted; it has a maximum of its own.
     *
     * @return the number; 0 for the JDK's default, which is 50.
     */
    public int backlog() {
        return backlog;
    }

    /**
     * Sets how many connections the operating system keeps until they are accepted.
     *
     * @param connections from 1 on.
     * @return this.
     */
    public ListenerContext backlog(final int connections) {
        checkOpen();
        backlog = Ranges.within("backlog", connections, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * How many connections may live at once; a peer past that is refused with {@link RefusalReason#TOO_MANY_CONNECTIONS}.
     *
     * @return the limit.
     */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * Sets how many connections may live at once.
     *
     * @param connections from 1 on.
     * @return this.
     */
    public ListenerContext maxConnections(final int connections) {
        checkOpen();
        maxConnections = Ranges.within("maxConnections", connections, 1, UNLIMITED);
        return this;
    }

    /**
     * How many connections of one address may live at once; a peer past that is refused with
     * {@link RefusalReason#TOO_MANY_FROM_ADDRESS}. IPv6 addresses that share their first 64 bits count as one; with PROXY
     * headers it is the client's address that counts. Peers without an IP address are not counted.
     *
     * @return the limit.
     */
    public int maxConnectionsPerAddress() {
        return maxConnectionsPerAddress;
    }

    /**
     * Sets how many connections of one address may live at once.
     *
     * @param connections from 1 on.
     * @return this.
     */
    public ListenerContext maxConnectionsPerAddress(final int connections) {
        checkOpen();
        maxConnectionsPerAddress = Ranges.within("maxConnectionsPerAddress", connections, 1, UNLIMITED);
        return this;
    }

    /**
     * How many connections may be opening at once, with their PROXY header or handshake not done; a peer past that is
     * refused with {@link RefusalReason#TOO_MANY_HANDSHAKES}.
     *
     * @return the limit.
     */
    public int maxHandshakes() {
        return maxHandshakes;
    }

    /**
     * Sets how many connections may be opening at once.
     *
     * @param connections from 1 on.
     * @return this.
     */
    public ListenerContext maxHandshakes(final int connections) {
        checkOpen();
        maxHandshakes = Ranges.within("maxHandshakes", connections, 1, UNLIMITED);
        return this;
    }

    /**
     * How many connections are let in in a second, on the average; a peer past that is refused with
     * {@link RefusalReason#TOO_FAST}.
     *
     * @return the limit.
     */
    public int acceptsPerSecond() {
        return acceptsPerSecond;
    }

    /**
     * How many connections are let in at once after a pause.
     *
     * @return the number.
     */
    public int acceptBurst() {
        return acceptBurst;
    }

    /**
     * Sets how fast connections are let in.
     *
     * @param perSecond on the average: from 1 to 10^9.
     * @param burst     at once after a pause: from 1 to 10^9, and worth no more than a day.
     * @return this.
     */
    public ListenerContext acceptRate(final int perSecond, final int burst) {
        checkOpen();
        Ranges.within("perSecond", perSecond, 1, MOST_PER_SECOND);
        final long mostInADay = Math.min(MOST_PER_SECOND, perSecond * TimeUnit.DAYS.toSeconds(1));
        acceptBurst = Ranges.within("burst", burst, 1, (int) mostInADay);
        acceptsPerSecond = perSecond;
        return this;
    }

    /**
     * Which peers may connect; others are refused with {@link RefusalReason#ADDRESS_DENIED}. With PROXY headers it is the
     * client's address that is looked at.
     *
     * @return the filter.
     */
    public AddressFilter addressFilter() {
        return addressFilter;
    }

    /**
     * Sets which peers may connect.
     *
     * @param filter of their addresses.
     * @return this.
     */
    public ListenerContext addressFilter(final AddressFilter filter) {
        checkOpen();
        addressFilter = Objects.requireNonNull(filter, "addressFilter");
        return this;
    }

    /**
     * Which proxies may connect; each connection must begin with a PROXY header then.
     *
     * @return the filter; empty if there are no PROXY headers.
     */
    public Optional<AddressFilter> proxySources() {
        return Optional.ofNullable(proxySources);
    }

    /**
     * Makes each connection begin with a PROXY header, of version 1 or 2, before TLS. Whether there is one is never
     * guessed: a connection without ends with {@link CloseReason#PROXY_HEADER}. The header's addresses become the
     * connection's; {@link ProxyInfo#ATTRIBUTE} has all of it.
     *
     * @param sources the proxies to trust: who may say on whose behalf he comes. Others are refused with
     *                {@link RefusalReason#NOT_A_PROXY}.
     * @return this.
     */
    public ListenerContext proxySources(final AddressFilter sources) {
        checkOpen();
        proxySources = Objects.requireNonNull(sources, "proxySources");
        return this;
    }

    /**
     * How long a PROXY header may take; {@link ConnectionContext#connectTimeoutNs()} bounds it too.
     *
     * @return nanoseconds: 5 s unless set.
     */
    public long proxyTimeoutNs() {
        return proxyTimeoutNs;
    }

    /**
     * Sets how long a PROXY header may take.
     *
     * @param ns nanoseconds: positive; 3 seconds or more, so that a lost segment can be sent again.
     * @return this.
     */
    public ListenerContext proxyTimeoutNs(final long ns) {
        checkOpen();
        proxyTimeoutNs = Ranges.positive("proxyTimeoutNs", ns);
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
