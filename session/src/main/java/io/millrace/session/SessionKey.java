package io.millrace.session;

import java.util.List;
import java.util.Objects;

/**
 * Everything that must match before a session may be resumed: resumption skips the certificate check, so a ticket must
 * never serve a connection that would have been checked differently. The <em>partition</em> keeps unrelated activities
 * apart, which could otherwise be linked by their tickets (RFC 8446, C.4). The <em>epoch</em> is raised whenever trust
 * changes.
 *
 * <p>An immutable value; any thread; wait-free.
 */
public final class SessionKey {
    private final String host;
    private final int port;
    private final long epoch;
    private final String partition;
    private final List<String> serverNames;
    private final List<String> applicationProtocols;
    private final List<String> protocols;
    private final List<String> cipherSuites;
    private final String identification;
    private final String clientIdentity;
    private final int hash;

    private SessionKey(final Builder builder) {
        host = builder.host;
        port = builder.port;
        epoch = builder.epoch;
        partition = builder.partition;
        serverNames = builder.serverNames;
        applicationProtocols = builder.applicationProtocols;
        protocols = builder.protocols;
        cipherSuites = builder.cipherSuites;
        identification = builder.identification;
        clientIdentity = builder.clientIdentity;
        hash = Objects.hash(
                host,
                port,
                epoch,
                partition,
                serverNames,
                applicationProtocols,
                protocols,
                cipherSuites,
                identification,
                clientIdentity);
    }

    /**
     * A key with nothing but an address: everything else is empty until set.
     *
     * @param host of the server, not null; compared as it is written.
     * @param port of the server: from 0 to 65,535.
     * @return a builder.
     * @throws IllegalArgumentException if the port is out of range.
     */
    public static Builder builder(final String host, final int port) {
        return new Builder(host, port);
    }

    /**
     * The host.
     *
     * @return the server's host.
     */
    public String host() {
        return host;
    }

    /**
     * The port.
     *
     * @return the server's port.
     */
    public int port() {
        return port;
    }

    /**
     * The epoch.
     *
     * @return which state of trust the session was made under.
     */
    public long epoch() {
        return epoch;
    }

    /**
     * The partition.
     *
     * @return which activity the session belongs to.
     */
    public String partition() {
        return partition;
    }

    @Override
    public boolean equals(final Object other) {
        return this == other
                || (other instanceof SessionKey key
                        && hash == key.hash
                        && port == key.port
                        && epoch == key.epoch
                        && host.equals(key.host)
                        && partition.equals(key.partition)
                        && serverNames.equals(key.serverNames)
                        && applicationProtocols.equals(key.applicationProtocols)
                        && protocols.equals(key.protocols)
                        && cipherSuites.equals(key.cipherSuites)
                        && identification.equals(key.identification)
                        && clientIdentity.equals(key.clientIdentity));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return host + ":" + port + " epoch=" + epoch + " partition=" + partition;
    }

    /** Collects the parts of a key. One thread. */
    public static final class Builder {
        private final String host;
        private final int port;
        private long epoch;
        private String partition = "";
        private List<String> serverNames = List.of();
        private List<String> applicationProtocols = List.of();
        private List<String> protocols = List.of();
        private List<String> cipherSuites = List.of();
        private String identification = "";
        private String clientIdentity = "";

        private Builder(final String host, final int port) {
            if (port < 0 || port > 0xFFFF) {
                throw new IllegalArgumentException("out of range: port=" + port);
            }
            this.host = Objects.requireNonNull(host, "host");
            this.port = port;
        }

        /**
         * Sets the epoch, 0 unless set.
         *
         * @param value which state of trust the session is made under.
         * @return this.
         */
        public Builder epoch(final long value) {
            epoch = value;
            return this;
        }

        /**
         * Sets the partition.
         *
         * @param value which activity the session belongs to.
         * @return this.
         */
        public Builder partition(final String value) {
            partition = Objects.requireNonNull(value, "partition");
            return this;
        }

        /**
         * Sets the names sent as SNI.
         *
         * @param value copied.
         * @return this.
         */
        public Builder serverNames(final List<String> value) {
            serverNames = List.copyOf(value);
            return this;
        }

        /**
         * Sets the protocols offered by ALPN, in order.
         *
         * @param value copied.
         * @return this.
         */
        public Builder applicationProtocols(final List<String> value) {
            applicationProtocols = List.copyOf(value);
            return this;
        }

        /**
         * Sets the enabled versions of TLS.
         *
         * @param value copied.
         * @return this.
         */
        public Builder protocols(final List<String> value) {
            protocols = List.copyOf(value);
            return this;
        }

        /**
         * Sets the enabled cipher suites.
         *
         * @param value copied.
         * @return this.
         */
        public Builder cipherSuites(final List<String> value) {
            cipherSuites = List.copyOf(value);
            return this;
        }

        /**
         * Sets how the server is identified.
         *
         * @param value name of the endpoint identification algorithm, empty for none.
         * @return this.
         */
        public Builder identification(final String value) {
            identification = Objects.requireNonNull(value, "identification");
            return this;
        }

        /**
         * Sets who the client says it is.
         *
         * @param value a fingerprint of the client's certificate, empty for none.
         * @return this.
         */
        public Builder clientIdentity(final String value) {
            clientIdentity = Objects.requireNonNull(value, "clientIdentity");
            return this;
        }

        /**
         * Makes the key.
         *
         * @return an immutable key.
         */
        public SessionKey build() {
            return new SessionKey(this);
        }
    }
}
