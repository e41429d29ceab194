package io.millrace.tests.tls;

import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** A provider whose sessions are filed by host alone: the JDK's, that is told one port for all. */
@SuppressWarnings("serial") // Nobody writes it anywhere.
final class PortBlindProvider extends Provider {
    PortBlindProvider(final String name) {
        super(name, "1.0", "the JDK's TLS, one port for all");
        putService(new Service(this, "SSLContext", "TLS", Blind.class.getName(), null, null) {
            @Override
            public Object newInstance(final Object parameter) {
                return new Blind();
            }
        });
    }

    private static final class Blind extends SSLContextSpi {
        private static final int PORT = 443;
        private SSLContext real;

        @Override
        protected void engineInit(final KeyManager[] keys, final TrustManager[] trust, final SecureRandom random)
                throws KeyManagementException {
            try {
                real = SSLContext.getInstance("TLS");
            } catch (final NoSuchAlgorithmException ex) {
                throw new KeyManagementException(ex);
            }
            real.init(keys, trust, random);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return real.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            return real.createSSLEngine(host, PORT);
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
