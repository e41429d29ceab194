package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two engines in memory, joined by two buffers. */
class TlsEngineDriverTest {
    private static final int ROOM = 128 * 1024;
    private static final int TURNS = 200_000;

    private TlsEngineDriver client;
    private TlsEngineDriver server;
    private final ByteBuffer toServer = ByteBuffer.allocate(ROOM).limit(0);
    private final ByteBuffer toClient = ByteBuffer.allocate(ROOM).limit(0);
    private final ByteBuffer nothing = ByteBuffer.allocate(0);

    @BeforeEach
    void makeEngines() throws Exception {
        final SSLContext context = SelfSignedCertificate.sslContext();
        final SSLEngine clientEngine = context.createSSLEngine("localhost", 1);
        clientEngine.setUseClientMode(true);
        final SSLEngine serverEngine = context.createSSLEngine();
        serverEngine.setUseClientMode(false);
        client = new TlsEngineDriver(clientEngine);
        server = new TlsEngineDriver(serverEngine);
        client.begin();
        server.begin();
    }

    private static void wrap(final TlsEngineDriver driver, final ByteBuffer source, final ByteBuffer wire)
            throws SSLException {
        wire.compact();
        try {
            driver.wrap(source, wire);
        } finally {
            wire.flip();
        }
    }

    /** Feeds at most so many more bytes than the engine has left over. */
    private static void unwrap(
            final TlsEngineDriver driver, final ByteBuffer wire, final ByteBuffer target, final int visible)
            throws SSLException {
        final int end = wire.limit();
        wire.limit(Math.min(end, wire.position() + visible));
        try {
            driver.unwrap(wire, target);
        } finally {
            wire.limit(end);
        }
    }

    private void handshake() throws SSLException {
        for (int turn = 0; turn < TURNS && !(client.isHandshakeDone() && server.isHandshakeDone()); turn++) {
            wrap(client, nothing, toServer);
            unwrap(server, toServer, nothing, ROOM);
            wrap(server, nothing, toClient);
            unwrap(client, toClient, nothing, ROOM);
        }
        assertTrue(client.isHandshakeDone() && server.isHandshakeDone());
    }

    /** Whatever the server says of its own after the handshake: tickets. */
    private void settle() throws SSLException {
        wrap(server, nothing, toClient);
        unwrap(client, toClient, ByteBuffer.allocate(ROOM), ROOM);
        assertFalse(toClient.hasRemaining());
    }

    @Test
    void shouldAgreeOnTls13() throws Exception {
        handshake();
        assertEquals("TLSv1.3", client.info().protocol());
        assertEquals(client.info().cipherSuite(), server.info().cipherSuite());
    }

    @Test
    void shouldFinishTheHandshakeWhenItsBytesComeOneByOne() throws Exception {
        int visibleToServer = 1;
        int visibleToClient = 1;
        for (int turn = 0; turn < TURNS && !(client.isHandshakeDone() && server.isHandshakeDone()); turn++) {
            wrap(client, nothing, toServer);
            int before = toServer.remaining();
            unwrap(server, toServer, nothing, visibleToServer);
            visibleToServer = toServer.remaining() == before ? visibleToServer + 1 : 1;
            wrap(server, nothing, toClient);
            before = toClient.remaining();
            unwrap(client, toClient, nothing, visibleToClient);
            visibleToClient = toClient.remaining() == before ? visibleToClient + 1 : 1;
        }
        assertTrue(client.isHandshakeDone() && server.isHandshakeDone());
    }

    @Test
    void shouldCarryContentOfSeveralRecordsInOrder() throws Exception {
        handshake();
        settle();
        final byte[] content = new byte[60_000];
        new Random(1).nextBytes(content);
        final ByteBuffer source = ByteBuffer.wrap(content);
        final ByteBuffer target = ByteBuffer.allocate(ROOM);
        wrap(client, source, toServer);
        assertFalse(source.hasRemaining());
        unwrap(server, toServer, target, ROOM);
        final byte[] received = new byte[target.flip().remaining()];
        target.get(received);
        assertArrayEquals(content, received);
    }

    @Test
    void shouldLeaveContentWhenTheTargetHasNoRoomForARecord() throws Exception {
        handshake();
        settle();
        final ByteBuffer source = ByteBuffer.allocate(100);
        final ByteBuffer small = ByteBuffer.allocate(client.packetLength() - 1);
        client.wrap(source, small);
        assertEquals(100, source.remaining());
        wrap(client, source, toServer);
        unwrap(server, toServer, ByteBuffer.allocate(50), ROOM);
        assertTrue(toServer.hasRemaining());
        final ByteBuffer target = ByteBuffer.allocate(ROOM);
        unwrap(server, toServer, target, ROOM);
        assertEquals(100, target.position());
    }

    @Test
    void shouldTellTheProperEndWhenThePeerClosed() throws Exception {
        handshake();
        settle();
        client.closeOutbound();
        client.closeOutbound();
        wrap(client, nothing, toServer);
        assertFalse(server.isInboundDone());
        unwrap(server, toServer, ByteBuffer.allocate(ROOM), ROOM);
        assertTrue(server.isInboundDone());

        final ByteBuffer target = ByteBuffer.allocate(ROOM);
        wrap(server, ByteBuffer.allocate(10), toClient);
        unwrap(client, toClient, target, ROOM);
        assertEquals(10, target.position(), "half-closed: the other direction still works");
    }

    @Test
    void shouldFailAndHaveAnAlertToSendWhenARecordIsDamaged() throws Exception {
        handshake();
        settle();
        wrap(client, ByteBuffer.allocate(100), toServer);
        toServer.put(toServer.position() + 20, (byte) (toServer.get(toServer.position() + 20) ^ 1));
        assertThrows(SSLException.class, () -> unwrap(server, toServer, ByteBuffer.allocate(ROOM), ROOM));
        assertTrue(server.needsWrap());
    }

    @Test
    void shouldAssertThatOneThreadDrivesTheEngine() {
        final String error = CompletableFuture.supplyAsync(() -> assertThrows(AssertionError.class, client::needsWrap))
                .join()
                .getMessage();
        assertTrue(error.contains("owner=" + Thread.currentThread().getName()), error);
    }

    @Test
    void shouldBeDrivenByAThreadThatAttaches() {
        final boolean before = client.needsWrap();
        final boolean after = CompletableFuture.supplyAsync(() -> {
                    client.attach();
                    return client.needsWrap();
                })
                .join();
        assertEquals(before, after);
    }
}
