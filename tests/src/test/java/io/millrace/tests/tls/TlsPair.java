package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.tls.TlsEngineDriver;
import io.millrace.transport.tls.TlsSide;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/** A client and a server in memory, joined by two wires. What a side throws is kept, and its alert still delivered. */
final class TlsPair {
    static final int ROOM = 256 * 1024;
    private static final int TURNS = 1_000;

    final TlsEngineDriver client;
    final TlsEngineDriver server;
    final ByteBuffer toServer = ByteBuffer.allocate(ROOM).limit(0);
    final ByteBuffer toClient = ByteBuffer.allocate(ROOM).limit(0);
    final ByteBuffer atServer = ByteBuffer.allocate(ROOM);
    final ByteBuffer atClient = ByteBuffer.allocate(ROOM);
    SSLException clientError;
    SSLException serverError;

    TlsPair(final TlsSide client, final TlsSide server) throws SSLException {
        this(client.begin(), server.begin());
    }

    TlsPair(final TlsEngineDriver client, final TlsEngineDriver server) {
        this.client = client;
        this.server = server;
    }

    /** Moves bytes both ways until neither side has any more to say. */
    TlsPair settle() {
        int turns = 0;
        boolean moved = true;
        while (moved) {
            assertTrue(++turns < TURNS, "the pair never settles");
            moved = clientTurn(ByteBuffer.allocate(0));
            moved |= serverTurn(ByteBuffer.allocate(0));
        }
        return this;
    }

    boolean clientTurn(final ByteBuffer content) {
        final int before = toClient.remaining();
        try {
            if (clientError == null) {
                client.unwrap(toClient, atClient);
            }
        } catch (final SSLException ex) {
            clientError = ex;
        }
        clientError = wrap(client, content, toServer, clientError);
        return toClient.remaining() != before || (toServer.hasRemaining() && serverError == null);
    }

    boolean serverTurn(final ByteBuffer content) {
        final int before = toServer.remaining();
        try {
            if (serverError == null) {
                server.unwrap(toServer, atServer);
            }
        } catch (final SSLException ex) {
            serverError = ex;
        }
        serverError = wrap(server, content, toClient, serverError);
        return toServer.remaining() != before || (toClient.hasRemaining() && clientError == null);
    }

    private static SSLException wrap(
            final TlsEngineDriver driver, final ByteBuffer content, final ByteBuffer wire, final SSLException error) {
        wire.compact();
        try {
            driver.wrap(content, wire);
            return error;
        } catch (final SSLException ex) {
            return error == null ? ex : error;
        } finally {
            wire.flip();
        }
    }

    TlsPair assertOpen() {
        assertNull(clientError, () -> "client: " + clientError);
        assertNull(serverError, () -> "server: " + serverError);
        assertTrue(client.isHandshakeDone() && server.isHandshakeDone());
        return this;
    }

    /** The client's error, which must have come first. */
    String clientRefusal() {
        assertNotNull(clientError, () -> "the client must refuse, server: " + serverError);
        return client.explained(clientError).getMessage();
    }

    String serverRefusal() {
        assertNotNull(serverError, () -> "the server must refuse, client: " + clientError);
        return server.explained(serverError).getMessage();
    }
}
