package io.millrace.transport.tls;

import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Another context's double, whose engines somebody changes, wraps or refuses before they are handed out. */
public final class EditedSslContext extends SSLContext {
    /**
     * Makes a double.
     *
     * @param real   whose engines they are.
     * @param editor of each engine.
     */
    public EditedSslContext(final SSLContext real, final UnaryOperator<SSLEngine> editor) {
        super(new Spi(real, editor), real.getProvider(), real.getProtocol());
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext real;
        private final UnaryOperator<SSLEngine> editor;

        Spi(final SSLContext real, final UnaryOperator<SSLEngine> editor) {
            this.real = real;
            this.editor = editor;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return editor.apply(real.createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            return editor.apply(real.createSSLEngine(host, port));
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
