package io.millrace.tests.tls;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Netty's engines over BoringSSL in the clothes of an SSLContext, whose provider can't be asked for another one. */
final class NettySslContext extends SSLContext {
    private NettySslContext(final SslContext netty) {
        super(
                new Spi(netty),
                new Provider("tcnative", "1", "test") {
                    private static final long serialVersionUID = 1;
                },
                "TLS");
    }

    static NettySslContext server(final TestAuthority.Issued issued, final String protocol) throws Exception {
        final SslContext netty = SslContextBuilder.forServer(issued.key(), issued.certificate())
                .sslProvider(SslProvider.OPENSSL)
                .protocols(protocol)
                .build();
        final byte[] key = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        new SecureRandom().nextBytes(key);
        // Without keys of its own it sends no tickets.
        ((OpenSslServerSessionContext) netty.sessionContext())
                .setTicketKeys(new OpenSslSessionTicketKey(
                        Arrays.copyOfRange(key, 0, 16),
                        Arrays.copyOfRange(key, 16, 32),
                        Arrays.copyOfRange(key, 32, 48)));
        return new NettySslContext(netty);
    }

    static NettySslContext client(final TestAuthority authority, final String protocol) throws Exception {
        return new NettySslContext(SslContextBuilder.forClient()
                .trustManager(authority.certificate())
                .sslProvider(SslProvider.OPENSSL)
                .protocols(protocol)
                .build());
    }

    private static final class Spi extends SSLContextSpi {
        private final SslContext netty;

        Spi(final SslContext netty) {
            this.netty = netty;
        }

        @Override
        protected void engineInit(final KeyManager[] keys, final TrustManager[] trust, final SecureRandom random) {
            throw new UnsupportedOperationException("it is initialized");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return netty.newEngine(UnpooledByteBufAllocator.DEFAULT);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            return netty.newEngine(UnpooledByteBufAllocator.DEFAULT, host, port);
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return new SSLParameters(netty.cipherSuites().toArray(String[]::new), new String[] {"TLSv1.3", "TLSv1.2"});
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return netty.sessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return netty.sessionContext();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException("engines only");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException("engines only");
        }
    }
}
