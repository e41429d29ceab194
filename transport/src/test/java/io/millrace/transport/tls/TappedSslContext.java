package io.millrace.transport.tls;

import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Another context's double, whose engines tell what they wrap. */
final class TappedSslContext extends SSLContext {
    TappedSslContext(final SSLContext real, final TappedEngine.Tap tap) {
        super(new Spi(real, tap), real.getProvider(), real.getProtocol());
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext real;
        private final TappedEngine.Tap tap;

        Spi(final SSLContext real, final TappedEngine.Tap tap) {
            this.real = real;
            this.tap = tap;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return new TappedEngine(real.createSSLEngine(), tap);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            return new TappedEngine(real.createSSLEngine(host, port), tap);
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return real.getSupportedSSLParameters();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return real.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return real.getClientSessionContext();
        }

        @Override
        protected void engineInit(final KeyManager[] keys, final TrustManager[] trust, final SecureRandom random) {
            throw new UnsupportedOperationException("the real one is initialized");
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
