package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.tls.TestAuthority;
import io.millrace.tests.tls.TestAuthority.Issued;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and trust that are changed under a transport, while a connection lives. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HotReloadTest {
    private static final URI ANY_PORT = URI.create("tls://localhost:0");
    private static final byte[] MESSAGE = {42};
    private static TestAuthority authority;

    @BeforeAll
    static void makeAuthority() throws Exception {
        authority = new TestAuthority("authority");
    }

    private static X509Certificate shown(final Connection connection) {
        return connection.tls().orElseThrow().peerCertificates().get(0);
    }

    private static Recorder echo() {
        return new Recorder((connection, message) -> connection.offer(ByteBuffer.wrap(message)));
    }

    private static Connection connect(final Transport client, final URI uri, final Recorder handler) throws Exception {
        return client.connect(uri, handler).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldShowNewConnectionsTheNewCertificateWhileTheOldOneGoesOn(final Driving driving) throws Exception {
        final Issued first = authority.issue("localhost");
        final Issued second = authority.issue("localhost");
        final TlsContextReference reference = new TlsContextReference(new TlsContext().identity(first.identity()));
        final CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try (DrivenTransport server = new DrivenTransport(
                        new TransportContext().driving(driving).tlsContext(reference));
                Transport client = new Transport(new TransportContext()
                        .tlsContext(new TlsContext().trust(authority.trust()).resumption(false)))) {
            final URI uri =
                    server.transport.listen(ANY_PORT, HotReloadTest::echo).uri();
            final Connection old =
                    connect(client, uri, new Recorder((connection, message) -> answer.complete(message)));
            reference.swap(new TlsContext().identity(second.identity()));
            final Connection next = connect(client, uri, new Recorder());
            assertTrue(old.offer(ByteBuffer.wrap(MESSAGE)) > 0);
            assertEquals(MESSAGE[0], answer.get(Recorder.DEADLINE_S, TimeUnit.SECONDS)[0]);
            assertEquals(first.certificate(), shown(old));
            assertEquals(second.certificate(), shown(next));
        }
    }

    @Test
    void shouldRefuseAContextWithoutAnIdentityWhereAListenerServes() throws Exception {
        final TlsContext first =
                new TlsContext().identity(authority.issue("localhost").identity());
        final TlsContextReference reference = new TlsContextReference(first);
        try (Transport server = new Transport(new TransportContext().tlsContext(reference));
                Transport client =
                        new Transport(new TransportContext().tlsContext(new TlsContext().trust(authority.trust())))) {
            final URI uri = server.listen(ANY_PORT, HotReloadTest::echo).uri();
            final IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class, () -> reference.swap(new TlsContext().trust(authority.trust())));
            assertTrue(refusal.getMessage().contains("identity"), refusal.getMessage());
            assertSame(first, reference.get());
            connect(client, uri, new Recorder());
        }
    }

    /** With a certificate to show, and later without one: nothing but a client's business. */
    @Test
    void shouldTakeAContextWithoutAnIdentityWhereNobodyListens() throws Exception {
        final TlsContextReference reference = new TlsContextReference(
                new TlsContext().identity(authority.issue("client").identity()));
        final TlsContext next = new TlsContext().trust(authority.trust());
        try (Transport client = new Transport(new TransportContext().tlsContext(reference))) {
            reference.swap(next);
            assertSame(next, reference.get());
            final IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> client.listen(ANY_PORT, HotReloadTest::echo));
            assertTrue(refusal.getMessage().contains("identity"), refusal.getMessage());
        }
    }

    /** Resuming asks no trust manager: what was begun under the old trust must not be resumed. */
    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldTrustByTheNewContextThoughThereIsASessionToResume(final Driving driving) throws Exception {
        final TlsContext trusting = new TlsContext().trust(authority.trust());
        final TlsContextReference reference = new TlsContextReference(trusting);
        try (Transport server = new Transport(new TransportContext()
                        .tlsContext(new TlsContext()
                                .identity(authority.issue("localhost").identity())));
                DrivenTransport client = new DrivenTransport(
                        new TransportContext().driving(driving).tlsContext(reference))) {
            final URI uri = server.listen(ANY_PORT, HotReloadTest::echo).uri();
            // What comes behind the ticket has been read after it.
            final CompletableFuture<byte[]> answer = new CompletableFuture<>();
            final Connection old =
                    connect(client.transport, uri, new Recorder((connection, message) -> answer.complete(message)));
            assertTrue(old.offer(ByteBuffer.wrap(MESSAGE)) > 0);
            answer.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            assertTrue(connect(client.transport, uri, new Recorder())
                    .tls()
                    .orElseThrow()
                    .resumed());

            reference.swap(new TlsContext().trust(new TestAuthority("stranger").trust()));
            final Recorder refused = new Recorder();
            assertThrows(ExecutionException.class, () -> connect(client.transport, uri, refused));
            assertEquals(CloseReason.HANDSHAKE_FAILED, refused.awaitClose().reason());
            assertTrue(old.offer(ByteBuffer.wrap(MESSAGE)) > 0);
        }
    }
}
