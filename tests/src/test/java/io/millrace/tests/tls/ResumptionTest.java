package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionCacheStats;
import io.millrace.transport.tls.EditedSslContext;
import io.millrace.transport.tls.ResumptionStats;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
import io.millrace.transport.tls.TlsEngineDriver;
import io.millrace.transport.tls.TlsSide;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions by slots, in memory: each is offered once, by one connection. */
class ResumptionTest {
    private static final String HOST = "a.example";
    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    private long nowMs = 1_000_000;
    private TlsContext server;
    private TlsContext client;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue(HOST, "b.example");
    }

    @BeforeEach
    void makeContexts() {
        server = new TlsContext().identity(issued.identity()).conclude();
        client = asking().conclude();
    }

    private TlsContext asking() {
        return new TlsContext()
                .trust(authority.trust())
                .sessionCacheContext(new SessionCacheContext().clock(() -> nowMs));
    }

    private TlsPair pair(final TlsContext context, final String host, final int port) throws Exception {
        return new TlsPair(context.client(host, port), server.server());
    }

    private boolean resumes(final TlsContext context, final String host, final int port) throws Exception {
        final TlsPair pair = pair(context, host, port).settle().assertOpen();
        assertEquals(pair.client.info().resumed(), pair.server.info().resumed());
        return pair.client.info().resumed();
    }

    private boolean resumes() throws Exception {
        return resumes(client, HOST, 443);
    }

    private ResumptionStats stats() {
        return client.resumptionStats().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldResumeTheNextConnection(final String protocol) throws Exception {
        client = asking().protocols(protocol).conclude();
        assertFalse(resumes());
        assertTrue(resumes());
        assertTrue(resumes());
        assertEquals(2, stats().offered());
        assertEquals(2, stats().resumed());
        assertEquals(0, stats().refused());
    }

    @Test
    void shouldKeepTheCertificatesOfTheFirstHandshake() throws Exception {
        assertFalse(resumes());
        final TlsPair pair = pair(client, HOST, 443).settle().assertOpen();
        assertTrue(pair.client.info().resumed());
        assertEquals(List.of(issued.certificate()), pair.client.info().peerCertificates());
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 50})
    void shouldResumeAllConnectionsAtOnceWhenAsManyWereThereBefore(final int atOnce) throws Exception {
        client = new TlsContext()
                .trust(authority.trust())
                .sessionCacheContext(new SessionCacheContext().maxTicketsPerKey(atOnce))
                .conclude();
        final List<TlsPair> first = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            first.add(pair(client, HOST, 443));
        }
        for (final TlsPair pair : first) {
            assertFalse(pair.settle().assertOpen().client.info().resumed());
        }
        assertEquals(atOnce, resumedOf(client, atOnce));
    }

    /** All hellos are built before the first of them is answered. */
    private int resumedOf(final TlsContext context, final int atOnce) throws Exception {
        final List<TlsPair> pairs = new ArrayList<>();
        final Set<String> tickets = new HashSet<>();
        for (int i = 0; i < atOnce; i++) {
            final TlsPair pair = pair(context, HOST, 443);
            pair.clientTurn(ByteBuffer.allocate(0));
            ClientHellos.ticketOf(pair.toServer).ifPresent(ticket -> assertTrue(tickets.add(ticket), "offered twice"));
            pairs.add(pair);
        }
        int resumed = 0;
        for (final TlsPair pair : pairs) {
            resumed += pair.settle().assertOpen().client.info().resumed() ? 1 : 0;
        }
        assertEquals(resumed, tickets.size());
        return resumed;
    }

    /** What we improve on; also that the count of the test above can be another. */
    @ParameterizedTest
    @ValueSource(ints = {6, 50})
    void shouldShowThatTheJdkAloneResumesFewerAtOnce(final int atOnce) throws Exception {
        final SSLContext jdk = authority.trustingContext();
        int resumed = 0;
        for (int round = 0; round < 2; round++) {
            final List<TlsPair> pairs = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) {
                final SSLEngine engine = jdk.createSSLEngine(HOST, 443);
                engine.setUseClientMode(true);
                final TlsEngineDriver driver = new TlsEngineDriver(engine);
                driver.begin();
                pairs.add(new TlsPair(driver, server.server().begin()));
            }
            resumed = 0;
            for (final TlsPair pair : pairs) {
                resumed += pair.settle().assertOpen().client.info().resumed() ? 1 : 0;
            }
        }
        System.out.println("JDK " + Runtime.version() + " alone resumes " + resumed + " of " + atOnce + " at once");
        assertTrue(resumed < atOnce, "the JDK has learned it: resumed=" + resumed);
    }

    @Test
    void shouldNotResumeAtAnotherHostOrPort() throws Exception {
        assertFalse(resumes());
        assertFalse(resumes(client, "b.example", 443));
        assertFalse(resumes(client, HOST, 444));
        assertEquals(0, stats().offered());
        assertTrue(resumes());
    }

    @Test
    void shouldNotResumeWhatAnotherContextBegan() throws Exception {
        assertFalse(resumes());
        assertFalse(resumes(asking().conclude(), HOST, 443));
    }

    @Test
    void shouldNeverOfferWhenResumptionIsOff() throws Exception {
        final TlsContext never = asking().resumption(false).conclude();
        assertFalse(resumes(never, HOST, 443));
        assertFalse(resumes(never, HOST, 443));
        assertTrue(never.resumptionStats().isEmpty());
    }

    @Test
    void shouldForgetSessionsWhenTheContextIsSwapped() throws Exception {
        final TlsContextReference reference = new TlsContextReference(client);
        assertFalse(resumes());
        assertEquals(1, stats().tickets().resident());
        reference.swap(asking());
        assertEquals(0, stats().tickets().resident());
        assertFalse(resumes(reference.get(), HOST, 443));
        assertFalse(resumes(client, HOST, 443));
    }

    @Test
    void shouldOfferASessionUpToItsLifetimeAndNotLater() throws Exception {
        client = asking().sessionLifetimeS(100).conclude();
        assertFalse(resumes());
        nowMs += 100_000;
        assertTrue(resumes());
        nowMs += 100_001;
        assertFalse(resumes());
        assertEquals(1, stats().offered());
    }

    @Test
    void shouldSpendNoSessionOnADialThatNeverBegins() throws Exception {
        assertFalse(resumes());
        final TlsSide neverBegun = client.client(HOST, 443);
        assertFalse(neverBegun.mayRetry(false));
        assertEquals(1, stats().tickets().resident());
        assertTrue(resumes());
    }

    @Test
    void shouldGiveTheSessionBackWhenTheEngineCannotBeMade() throws Exception {
        final AtomicBoolean broken = new AtomicBoolean();
        final SSLContext given = new EditedSslContext(authority.trustingContext(), engine -> {
            if (broken.get()) {
                throw new IllegalStateException("no engine");
            }
            return engine;
        });
        client = new TlsContext().sslContext(given).conclude();
        assertFalse(resumes());
        broken.set(true);
        assertThrows(IllegalStateException.class, () -> client.client(HOST, 443).begin());
        final SessionCacheStats tickets = stats().tickets();
        assertEquals(1, tickets.givenBack());
        assertEquals(1, tickets.resident());
        broken.set(false);
        assertTrue(resumes());
    }

    @Test
    void shouldOfferNothingWhenItTriesAgainAfterAFailureWithAnOffer() throws Exception {
        assertFalse(resumes());
        final TlsSide side = client.client(HOST, 443);
        final TlsPair broken = new TlsPair(side, server.server());
        broken.clientTurn(ByteBuffer.allocate(0));
        assertTrue(ClientHellos.ticketOf(broken.toServer).isPresent());
        broken.toClient.clear().put(new byte[] {21, 3, 3, 0, 2, 2, 40}).flip();
        broken.clientTurn(ByteBuffer.allocate(0));
        assertTrue(broken.clientRefusal().contains("handshake_failure"), broken.clientRefusal());
        assertTrue(side.mayRetry(false));

        final TlsSide again = side.withoutOffer();
        final TlsPair full = new TlsPair(again, server.server());
        full.clientTurn(ByteBuffer.allocate(0));
        assertTrue(ClientHellos.ticketOf(full.toServer).isEmpty());
        assertFalse(full.settle().assertOpen().client.info().resumed());
        assertFalse(again.mayRetry(false));
        assertEquals(1, stats().refused());
        assertEquals(1, stats().retried());
    }

    @Test
    void shouldNotTryAgainWhenItIsResetBehindTheHandshake() throws Exception {
        assertFalse(resumes());
        final TlsSide side = client.client(HOST, 443);
        assertTrue(new TlsPair(side, server.server())
                .settle()
                .assertOpen()
                .client
                .info()
                .resumed());
        assertFalse(side.mayRetry(true));
    }

    @Test
    void shouldBoundWhatTheProviderKeepsOfAClientsSessions() throws Exception {
        final SSLContext given = authority.trustingContext();
        new TlsContext()
                .sslContext(given)
                .sessionCacheContext(new SessionCacheContext().maxTickets(10))
                .sessionLifetimeS(100)
                .conclude();
        assertEquals(40, given.getClientSessionContext().getSessionCacheSize());
        assertEquals(100, given.getClientSessionContext().getSessionTimeout());
    }

    /** By TLS 1.2 a ticket comes in the clear (RFC 5077, section 3.3). */
    @Test
    void shouldTellClientsHowLongASessionIsGood() throws Exception {
        server = new TlsContext()
                .identity(issued.identity())
                .protocols("TLSv1.2")
                .sessionLifetimeS(1_234)
                .conclude();
        final TlsPair pair = pair(client, HOST, 443);
        int toldS = 0;
        for (int turn = 0; turn < 4; turn++) {
            pair.clientTurn(ByteBuffer.allocate(0));
            pair.serverTurn(ByteBuffer.allocate(0));
            final int at = pair.toClient.position();
            if (pair.toClient.remaining() > 13 && pair.toClient.get(at) == 22 && pair.toClient.get(at + 5) == 4) {
                toldS = pair.toClient.getInt(at + 9);
            }
        }
        assertEquals(1_234, toldS);
    }

    @Test
    void shouldNotTakeAKeyUpdateForATicket() throws Exception {
        final SSLContext ticketless = issued.servingContext();
        // A server of the JDK's sends none if it would be good for longer than a ticket may be.
        ticketless.getServerSessionContext().setSessionTimeout(604_801);
        final SSLEngine raw = ticketless.createSSLEngine();
        raw.setUseClientMode(false);
        final TlsPair pair = new TlsPair(client.client(HOST, 443).begin(), new TlsEngineDriver(raw));
        pair.server.begin();
        pair.settle().assertOpen();
        assertEquals(0, stats().tickets().put());
        int updates = 0;
        for (int i = 0; i < 3; i++) {
            raw.beginHandshake();
            pair.serverTurn(ByteBuffer.allocate(0));
            updates += pair.toClient.remaining() > 0 ? 1 : 0;
            pair.settle().assertOpen();
        }
        assertEquals(3, updates, "key updates on the wire");
        assertEquals(0, stats().tickets().put());
    }
}
