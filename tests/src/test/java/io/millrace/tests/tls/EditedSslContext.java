package io.millrace.tests.tls;

import java.security.SecureRandom;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Another context's double, whose engines somebody looks at, changes or refuses before they are handed out. */
final class EditedSslContext extends SSLContext {
    private EditedSslContext(final SSLContext real, final Consumer<SSLEngine> editor) {
        super(new Stand(real, editor), real.getProvider(), real.getProtocol());
    }

    static SSLContext over(final SSLContext real, final Consumer<SSLEngine> editor) {
        return new EditedSslContext(real, editor);
    }

    private static final class Stand extends SSLContextSpi {
        private final SSLContext real;
        private final Consumer<SSLEngine> editor;

        Stand(final SSLContext real, final Consumer<SSLEngine> editor) {
            this.real = real;
            this.editor = editor;
        }

        private SSLEngine edited(final SSLEngine engine) {
            editor.accept(engine);
            return engine;
        }

        @Override
        protected void engineInit(final KeyManager[] keys, final TrustManager[] trust, final SecureRandom random) {
            throw new UnsupportedOperationException("the real one is initialized");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return edited(real.createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            return edited(real.createSSLEngine(host, port));
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
