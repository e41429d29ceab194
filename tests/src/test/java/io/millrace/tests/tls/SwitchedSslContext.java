package io.millrace.tests.tls;

import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Another context's double, which can be told to fail when it makes an engine. */
final class SwitchedSslContext extends SSLContext {
    private final Stand spi;

    private SwitchedSslContext(final Stand spi, final SSLContext real) {
        super(spi, real.getProvider(), real.getProtocol());
        this.spi = spi;
    }

    static SwitchedSslContext over(final SSLContext real) {
        return new SwitchedSslContext(new Stand(real), real);
    }

    void breakEngines(final boolean broken) {
        spi.broken = broken;
    }

    private static final class Stand extends SSLContextSpi {
        private final SSLContext real;
        private boolean broken;

        Stand(final SSLContext real) {
            this.real = real;
        }

        @Override
        protected void engineInit(final KeyManager[] keys, final TrustManager[] trust, final SecureRandom random) {
            throw new UnsupportedOperationException("the real one is initialized");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return real.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            if (broken) {
                throw new IllegalStateException("no engine");
            }
            return real.createSSLEngine(host, port);
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
        protected SSLSocketFactory engineGetSocketFactory() {
            return real.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return real.getServerSocketFactory();
        }
    }
}
