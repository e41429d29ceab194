package io.millrace.jmh.connection;

import java.io.IOException;
import java.util.function.Supplier;

/** A server on loopback and any number of connections to it, all driven as that peer drives many. */
public interface Fleet extends AutoCloseable {
    /** Makes fleets. */
    @FunctionalInterface
    interface Factory {
        /**
         * Starts a server.
         *
         * @param atServer makes the receiver of each connection's messages to the server.
         * @param atClient makes the receiver of each connection's messages to the client.
         * @return the server, without a connection.
         * @throws Exception if the peer can't.
         */
        Fleet open(Supplier<Link.Receiver> atServer, Supplier<Link.Receiver> atClient) throws Exception;

        /** With one connection. */
        default Link.Factory single() {
            return (server, client) -> {
                final Fleet fleet = open(() -> server, () -> client);
                try {
                    final Link.Sender sender = fleet.connect();
                    return new Link() {
                        @Override
                        public Sender sender() {
                            return sender;
                        }

                        @Override
                        public void close() throws IOException {
                            fleet.close();
                        }
                    };
                } catch (final Exception ex) {
                    fleet.close();
                    throw ex;
                }
            };
        }
    }

    /**
     * Opens one more connection.
     *
     * @return a sender from its client to the server, for one thread.
     * @throws Exception if it fails.
     */
    Link.Sender connect() throws Exception;

    /** Frees everything. */
    @Override
    void close() throws IOException;
}
