package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.tests.tls.TestAuthority;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Listener;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectHandler;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
import io.millrace.transport.websocket.HttpFields;
import io.millrace.transport.websocket.HttpRequest;
import io.millrace.transport.websocket.WebSocketBroadcast;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user who logs one of ours gets to read. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WhatLogsShowTest {
    @Test
    void shouldNameAddressesAndStatesOfWhatLives() throws Exception {
        final Transport transport = new Transport();
        final Recorder server = new Recorder();
        final Listener listener = transport.listen(URI.create("tcp://127.0.0.1:0"), () -> server);
        final String uri = "tcp://127.0.0.1:" + listener.address().getPort();
        assertEquals("listener uri=" + uri + " connections=0", listener.toString());
        final ReconnectingConnection handle = transport.keepConnected(
                URI.create(uri), new ConnectionContext(), new ReconnectContext(), new ReconnectHandler() {
                    @Override
                    public void onMessage(
                            final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}
                });
        server.awaitOpen();
        Await.until(() -> handle.connection().isPresent());
        final Connection connection = handle.connection().orElseThrow();
        assertEquals(
                "connection id=" + connection.id() + " phase=OPEN remote="
                        + connection.remoteAddress().orElseThrow(),
                connection.toString());
        assertEquals("reconnecting uri=" + uri + " phase=OPEN generation=1 " + connection, handle.toString());
        assertEquals("listener uri=" + uri + " connections=1", listener.toString());
        assertEquals(
                "accepted=1 connections=1 handshakes=0 refused=[]",
                listener.counters().toString());
        assertEquals("transport listeners=[" + listener + "] connections=2", transport.toString());
        assertEquals(
                "opened=2 closed=[] refused=[] handlerErrors=0",
                transport.counters().toString());

        transport.close();
        assertEquals("reconnecting uri=" + uri + " phase=CLOSED generation=1", handle.toString());
        assertEquals("listener uri=" + uri + " connections=0 closed", listener.toString());
        assertEquals("transport listeners=[] connections=0 closed", transport.toString());
        assertTrue(
                transport.counters().toString().startsWith("opened=2 closed=["),
                transport.counters().toString());
    }

    @Test
    void shouldTellOfKeysAndTrustWithoutTheirSecrets() throws Exception {
        final TestAuthority.Issued issued = new TestAuthority("authority").issue("localhost");
        final TlsContext context = new TlsContext()
                .identity(issued.identity())
                .identity("other.example", issued.identity())
                .applicationProtocols("chat");
        final TlsContextReference reference = new TlsContextReference(context);
        final String said = reference.toString();
        assertTrue(said.contains("serves=false"), said);
        assertTrue(said.contains("other.example"), said);
        assertTrue(said.contains("applicationProtocols=[chat]"), said);
        final String key = Base64.getEncoder().encodeToString(issued.key().getEncoded());
        assertFalse(said.contains(key.substring(key.length() / 2)), said);
        try (Transport transport = new Transport(new TransportContext().tlsContext(reference))) {
            transport.listen(URI.create("tls://127.0.0.1:0"), Recorder::new);
            assertTrue(reference.toString().contains("serves=true"), reference.toString());
        }
    }

    @Test
    void shouldNotShowCredentialsOfARequest() {
        final HttpFields fields = HttpFields.EMPTY
                .with("Host", "localhost")
                .with("Authorization", "Bearer hidden")
                .with("COOKIE", "session=hidden")
                .with("Set-Cookie", "session=hidden")
                .with("Proxy-Authorization", "Basic hidden");
        final String said = new HttpRequest("GET", "/", "", 1, fields).toString();
        assertTrue(said.contains("host=localhost"), said);
        assertFalse(said.contains("hidden"), said);
        assertEquals("Bearer hidden", fields.first("authorization").orElseThrow());
    }

    @Test
    void shouldCountABroadcastsSubscribers() {
        try (WebSocketBroadcast broadcast = new WebSocketBroadcast(1024, 100)) {
            assertEquals("broadcast subscribers=0 missed=0", broadcast.toString());
        }
    }
}
