package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two sides say to each other once they are open: content, ends, key updates, and what is refused. */
class TlsDriverConversationTest {
    private static final String HOST = "a.example";
    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    private SSLEngine rawServer;
    private TlsContext client;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue(HOST);
    }

    @BeforeEach
    void make() throws Exception {
        rawServer = issued.serverEngine();
        client = new TlsContext().trust(authority.trust());
    }

    private TlsPair open(final String protocol) throws Exception {
        final TlsEngineDriver server = new TlsEngineDriver(rawServer);
        final TlsPair pair = new TlsPair(
                client.protocols(protocol).conclude().client(HOST, 443).begin(), server);
        server.begin();
        return pair.settle().assertOpen();
    }

    private static void say(final TlsPair pair, final boolean fromClient, final int bytes) {
        final ByteBuffer content = ByteBuffer.allocate(bytes);
        if (fromClient) {
            pair.clientTurn(content);
        } else {
            pair.serverTurn(content);
        }
        assertFalse(content.hasRemaining());
        pair.settle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldCarryContentBothWays(final String protocol) throws Exception {
        final TlsPair pair = open(protocol);
        say(pair, true, 40_000);
        say(pair, false, 50_000);
        assertEquals(40_000, pair.atServer.position());
        assertEquals(50_000, pair.atClient.position());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 16_000, 16_384, 16_385, 100_000})
    void shouldFillWholeRecords(final int bytes) throws Exception {
        final TlsPair pair = open("TLSv1.3");
        pair.clientTurn(ByteBuffer.allocate(bytes));
        int records = 0;
        for (int at = pair.toServer.position(); at < pair.toServer.limit(); records++) {
            at += 5 + (pair.toServer.getShort(at + 3) & 0xFFFF);
        }
        // The JDK's engine puts 16,351 bytes into a record of TLS 1.3.
        assertEquals(1 + bytes / 16_352, records);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldEndBothWaysByCloseNotify(final String protocol) throws Exception {
        final TlsPair pair = open(protocol);
        pair.client.closeOutbound();
        pair.settle();
        assertTrue(pair.server.isInboundDone());
        pair.server.closeOutbound();
        pair.settle();
        assertTrue(pair.client.isInboundDone());
        pair.assertOpen();
    }

    @Test
    void shouldGoOnReceivingWhenOnlyThisSideHasEnded() throws Exception {
        final TlsPair pair = open("TLSv1.3");
        pair.client.closeOutbound();
        pair.settle();
        say(pair, false, 1_000);
        assertEquals(1_000, pair.atClient.position());
        assertFalse(pair.client.isInboundDone(), "the server has not ended, which is no truncation yet");
    }

    @Test
    void shouldFollowAKeyUpdateAndAnswerIt() throws Exception {
        final TlsPair pair = open("TLSv1.3");
        for (int i = 0; i < 5; i++) {
            rawServer.beginHandshake();
            say(pair, false, 100);
            say(pair, true, 100);
        }
        pair.assertOpen();
        assertEquals(500, pair.atClient.position());
        assertEquals(500, pair.atServer.position());
    }

    @Test
    void shouldEndWhenThePeerFloodsKeyUpdates() throws Exception {
        final TlsPair pair = open("TLSv1.3");
        for (int i = 0; i < 1_000 && pair.clientError == null; i++) {
            rawServer.beginHandshake();
            pair.settle();
        }
        assertTrue(pair.clientRefusal().contains("records without content"), pair.clientRefusal());
    }

    @Test
    void shouldGoOnWhenContentComesBetweenManyKeyUpdates() throws Exception {
        final TlsPair pair = open("TLSv1.3");
        final int updates = 300;
        for (int i = 0; i < updates; i++) {
            rawServer.beginHandshake();
            say(pair, false, 10);
            say(pair, true, 10);
        }
        pair.assertOpen();
        assertEquals(10 * updates, pair.atClient.position());
        assertEquals(10 * updates, pair.atServer.position());
    }

    @Test
    void shouldRefuseToRenegotiate() throws Exception {
        final TlsPair pair = open("TLSv1.2");
        say(pair, false, 100);
        rawServer.beginHandshake();
        pair.settle();
        assertTrue(pair.clientRefusal().contains("renegotiate"), pair.clientRefusal());
        assertTrue(pair.serverRefusal().contains("close_notify"), pair.serverRefusal());
    }

    @Test
    void shouldRefuseAClientThatRenegotiates() throws Exception {
        final SSLEngine rawClient = authority.trustingContext().createSSLEngine(HOST, 443);
        rawClient.setUseClientMode(true);
        rawClient.setEnabledProtocols(new String[] {"TLSv1.2"});
        final TlsEngineDriver asking = new TlsEngineDriver(rawClient);
        final TlsPair pair = new TlsPair(
                asking,
                new TlsContext().identity(issued.identity()).conclude().server().begin());
        asking.begin();
        pair.settle().assertOpen();
        rawClient.beginHandshake();
        pair.settle();
        assertTrue(pair.serverRefusal().contains("renegotiate"), pair.serverRefusal());
    }

    @Test
    void shouldNotTakeTheEndOfTheWireForTheEndOfTheStream() throws Exception {
        final TlsPair pair = open("TLSv1.3");
        pair.serverTurn(ByteBuffer.allocate(100));
        pair.toClient.limit(pair.toClient.limit() - 1);
        pair.clientTurn(ByteBuffer.allocate(0));
        assertEquals(0, pair.atClient.position());
        assertFalse(pair.client.isInboundDone());
        assertNull(pair.clientError);
    }
}
