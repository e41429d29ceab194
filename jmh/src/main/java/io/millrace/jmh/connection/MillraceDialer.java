package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsIdentity;
import io.millrace.transport.tls.TlsTrust;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.conscrypt.Conscrypt;

/** Millrace with its defaults. */
final class MillraceDialer implements Dialer {
    private static final long DEADLINE_S = 20;

    private final Transport server;
    private final Transport client;
    private final URI uri;
    private final HandshakeCount count;
    private final boolean resumes;

    MillraceDialer(final boolean conscrypt, final boolean resumes) throws Exception {
        this.resumes = resumes;
        final SelfSignedCertificate identity = SelfSignedCertificate.make();
        count = new HandshakeCount(
                identity.certificate(), conscrypt ? HandshakeCount.NATIVE_SUITE : HandshakeCount.SUITE);
        server = new Transport(new TransportContext().tlsContext(tls(identity, conscrypt)));
        client = new Transport(
                new TransportContext().tlsContext(tls(identity, conscrypt).resumption(resumes)));
        uri = URI.create("tls://localhost:"
                + server.listen(
                                URI.create("tls://localhost:0"),
                                () -> (connection, buffer, offset, length) -> connection.offer(buffer, offset, length))
                        .address()
                        .getPort());
    }

    static TlsContext tls(final SelfSignedCertificate identity, final boolean conscrypt) {
        final TlsContext tls = new TlsContext()
                .identity(TlsIdentity.of(identity.key(), List.of(identity.certificate())))
                .trust(TlsTrust.of(List.of(identity.certificate())))
                .protocols(HandshakeCount.PROTOCOL);
        return conscrypt ? tls.provider(Conscrypt.newProvider()) : tls;
    }

    @Override
    public void dial(final int thread) throws Exception {
        final CompletableFuture<Boolean> echoed = new CompletableFuture<>();
        final TlsInfo agreed = client.connect(uri, new ConnectionHandler() {
                    @Override
                    public void onOpen(final Connection connection) {
                        if (!connection.tls().orElseThrow().resumed()) {
                            count.onFullHandshake();
                        }
                        connection.offer(ByteBuffer.wrap(new byte[1]));
                    }

                    @Override
                    public void onMessage(
                            final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
                        echoed.complete(true);
                        connection.close();
                    }
                })
                .get(DEADLINE_S, TimeUnit.SECONDS)
                .tls()
                .orElseThrow();
        echoed.get(DEADLINE_S, TimeUnit.SECONDS);
        count.onDial(agreed.protocol(), agreed.cipherSuite());
    }

    @Override
    public void close() {
        client.close();
        server.close();
        count.check(resumes);
    }
}
