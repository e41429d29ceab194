package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.transport.tls.EditedSslContext;
import io.millrace.transport.tls.ResumptionStats;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * A server that wants another key share than the client's first hello brings asks for a second hello (RFC 8446, section 4.1.4): a
 * handshake of one more round trip, in which what the two agree on is said twice.
 */
@EnabledForJreRange(min = JRE.JAVA_20, disabledReason = "SSLParameters.setNamedGroups came with JDK 20")
class HelloRetryTest {
    private static final String HOST = "a.example";

    /** A client of the JDK's brings no share of it at first, but knows it. */
    private static final String RARE_GROUP = "secp521r1";

    /** The random of a HelloRetryRequest (RFC 8446, section 4.1.3). */
    private static final String RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    private TlsContext server;
    private TlsContext client;
    private int retries;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue(HOST);
    }

    @BeforeEach
    void makeContexts() throws Exception {
        server = new TlsContext()
                .sslContext(withGroup(issued.servingContext(), RARE_GROUP))
                .conclude();
        client = new TlsContext().trust(authority.trust()).conclude();
    }

    /** The tests are compiled for 17. */
    private static SSLContext withGroup(final SSLContext context, final String... groups) {
        return new EditedSslContext(context, engine -> setGroups(engine, groups));
    }

    private static SSLEngine setGroups(final SSLEngine engine, final String... groups) {
        final SSLParameters parameters = engine.getSSLParameters();
        try {
            SSLParameters.class.getMethod("setNamedGroups", String[].class).invoke(parameters, (Object) groups);
        } catch (final ReflectiveOperationException ex) {
            fail(ex);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private TlsPair pair() throws Exception {
        return new TlsPair(client.client(HOST, 443), server.server());
    }

    private ResumptionStats stats() {
        return client.resumptionStats().orElseThrow();
    }

    /** As {@link TlsPair#settle}, with a look at the wire; answers which tickets the hellos offered. */
    private Set<String> settle(final TlsPair pair) {
        final Set<String> tickets = new TreeSet<>();
        for (int turn = 0; turn < 10; turn++) {
            pair.clientTurn(ByteBuffer.allocate(0));
            hello(pair.toServer).ifPresent(tickets::add);
            pair.serverTurn(ByteBuffer.allocate(0));
            retries += isRetry(pair.toClient) ? 1 : 0;
        }
        return tickets;
    }

    /** Behind the change_cipher_spec that a second hello comes with. */
    private static Optional<String> hello(final ByteBuffer wire) {
        final boolean second = wire.remaining() > 6 && wire.get(wire.position()) == 20;
        return ClientHellos.ticketOf(second ? wire.duplicate().position(wire.position() + 6) : wire);
    }

    private static boolean isRetry(final ByteBuffer wire) {
        final byte[] bytes = new byte[wire.remaining()];
        wire.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes).contains(RETRY_RANDOM);
    }

    @Test
    void shouldOpenAndResumeByASecondHello() throws Exception {
        for (int i = 0; i < 3; i++) {
            final TlsPair pair = pair();
            final Set<String> tickets = settle(pair);
            pair.assertOpen();
            assertEquals(i + 1, retries);
            assertEquals(i > 0, pair.client.info().resumed(), "connection " + i);
            assertEquals(i > 0, pair.server.info().resumed(), "connection " + i);
            assertEquals("TLSv1.3", pair.client.info().protocol());
            assertEquals(i > 0 ? 1 : 0, tickets.size(), "tickets of both hellos of connection " + i);
        }
        assertEquals(2, stats().offered());
        assertEquals(2, stats().resumed());
        assertEquals(0, stats().refused());
    }

    @Test
    void shouldTakeBothHellosByteByByte() throws Exception {
        final TlsPair pair = pair();
        final ByteBuffer arriving = ByteBuffer.allocate(TlsPair.ROOM).limit(0);
        for (int turn = 0; turn < 10; turn++) {
            pair.clientTurn(ByteBuffer.allocate(0));
            crumble(pair.toServer, pair.server, pair.atServer, pair.toClient);
            retries += isRetry(pair.toClient) ? 1 : 0;
            arriving.compact().put(pair.toClient).flip();
            pair.toClient.limit(0);
            crumble(arriving, pair.client, pair.atClient, pair.toServer);
        }
        pair.assertOpen();
        assertEquals(1, retries);
        assertFalse(pair.client.info().resumed());
    }

    /** One byte more at each call, and what the last one left. */
    private static void crumble(
            final ByteBuffer wire, final TlsEngineDriver driver, final ByteBuffer content, final ByteBuffer answer)
            throws Exception {
        final int end = wire.limit();
        answer.compact();
        for (int limit = wire.position() + 1; limit <= end; limit++) {
            driver.unwrap(wire.limit(limit), content);
            driver.wrap(ByteBuffer.allocate(0), answer);
        }
        answer.flip();
    }

    @Test
    void shouldSayWhoRefusesWhatComesBehindTheSecondHello() throws Exception {
        client = new TlsContext()
                .trust(new TestAuthority("another authority").trust())
                .conclude();
        final TlsPair pair = pair();
        settle(pair);
        assertEquals(1, retries);
        final String refusal = pair.clientRefusal();
        assertTrue(refusal.contains("this side refuses"), refusal);
        assertTrue(pair.serverRefusal().contains("the peer refuses"), pair.serverRefusal());
    }

    @Test
    void shouldRefuseAClientWithoutTheGroup() throws Exception {
        client = new TlsContext()
                .sslContext(withGroup(authority.trustingContext(), "x25519"))
                .conclude();
        final TlsPair pair = pair();
        settle(pair);
        assertEquals(0, retries);
        assertTrue(pair.serverRefusal().contains("this side refuses with alert"), pair.serverRefusal());
        assertTrue(pair.clientRefusal().contains("the peer refuses with alert"), pair.clientRefusal());
    }
}
