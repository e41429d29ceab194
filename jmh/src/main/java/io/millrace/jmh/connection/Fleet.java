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

    /** Makes either end by itself, over plain TCP, so that each may have a JVM of its own. */
    interface Ends extends Factory {
        /**
         * Starts a server alone.
         *
         * @param atServer makes the receiver of each connection's messages to the server.
         * @return the server.
         * @throws Exception if the peer can't.
         */
        Server serve(Supplier<Link.Receiver> atServer) throws Exception;

        /**
         * The clients of a server that is elsewhere.
         *
         * @param port     that it listens on, on loopback.
         * @param atClient makes the receiver of each connection's messages to the client.
         * @return a fleet without a connection and without a server.
         * @throws Exception if the peer can't.
         */
        Fleet dial(int port, Supplier<Link.Receiver> atClient) throws Exception;
    }

    /** A server whose clients are elsewhere. */
    interface Server extends AutoCloseable {
        /**
         * Where it listens.
         *
         * @return the port on loopback.
         */
        int port();

        /** Frees everything. */
        @Override
        void close() throws IOException;
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
