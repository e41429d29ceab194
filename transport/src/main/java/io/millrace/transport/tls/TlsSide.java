package io.millrace.transport.tls;

import javax.net.ssl.SSLException;

/**
 * One side's TLS of one connection, before it begins: its engine is made when the connection is. It keeps the context it
 * was made by, whatever comes after.
 */
public final class TlsSide {
    private final EngineFactory engines;
    private final String host;
    private final int port;

    private TlsSide(final EngineFactory engines, final String host, final int port) {
        this.engines = engines;
        this.host = host;
        this.port = port;
    }

    static TlsSide client(final EngineFactory engines, final String host, final int port) {
        return new TlsSide(engines, host, port);
    }

    static TlsSide server(final EngineFactory engines) {
        return new TlsSide(engines, null, -1);
    }

    /**
     * Makes the engine and begins the handshake: to be called once, when the connection is made, by its thread.
     *
     * @return the driver of the engine.
     * @throws SSLException if the engine refuses.
     */
    public TlsEngineDriver begin() throws SSLException {
        final TlsEngineDriver driver =
                new TlsEngineDriver(host == null ? engines.server() : engines.client(host, port));
        driver.begin();
        return driver;
    }
}
