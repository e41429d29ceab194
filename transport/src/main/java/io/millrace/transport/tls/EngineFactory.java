package io.millrace.transport.tls;

import io.millrace.ring.Memory;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

/** Makes the engines of one concluded {@link TlsContext}. Immutable; any thread. */
final class EngineFactory {
    private static final String TLS_13 = "TLSv1.3";
    private static final String HTTPS = "HTTPS";
    private static final String JDK = "SunJSSE";

    /** By this one the JDK's engines know that no session is to be resumed. */
    private static final int NO_PORT = -1;

    private final SSLContext context;
    private final String[] protocols;
    private final String[] cipherSuites;
    private final String[] applicationProtocols;
    private final ClientAuthentication clientAuthentication;
    private final boolean verifyHostName;
    private final ServerTickets serverTickets;
    private final Memory memory;

    EngineFactory(final TlsContext settings, final SSLContext context) {
        this.context = context;
        serverTickets = new ServerTickets(context.getProvider());
        memory = settings.memory()
                .orElse(ServerTickets.isConscrypt(context.getProvider()) ? Memory.DIRECT : Memory.HEAP);
        protocols = settings.protocols().toArray(String[]::new);
        cipherSuites = settings.cipherSuites().toArray(String[]::new);
        applicationProtocols = settings.applicationProtocols().toArray(String[]::new);
        clientAuthentication = settings.clientAuthentication();
        verifyHostName = settings.verifiesHostName();
        final SSLParameters supported = context.getSupportedSSLParameters();
        checkKnown("protocol", settings.protocols(), supported.getProtocols());
        checkKnown("cipherSuite", settings.cipherSuites(), supported.getCipherSuites());
        checkSuiteForEach(settings.protocols(), settings.cipherSuites());
    }

    static SSLContext sslContext(final TlsContext settings) {
        try {
            final SSLContext made = settings.provider().isEmpty()
                    ? SSLContext.getInstance("TLS")
                    : SSLContext.getInstance("TLS", settings.provider().orElseThrow());
            made.init(
                    new KeyManager[] {new IdentityChoice(settings.identities())},
                    new TrustManager[] {new PeerCheck(settings.trust(), settings.requiresOcspStaple())},
                    null);
            return made;
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalArgumentException(
                    "the security provider has no TLS: provider="
                            + settings.provider().map(Provider::getName).orElse("any"),
                    ex);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalArgumentException(
                    "cannot set up TLS: trust=" + settings.trust() + " identities="
                            + settings.identities().values() + ": " + ex.getMessage(),
                    ex);
        }
    }

    private void checkKnown(final String what, final List<String> names, final String[] known) {
        for (final String name : names) {
            if (!List.of(known).contains(name)) {
                throw new IllegalArgumentException("unknown to the security provider: " + what + "=" + name
                        + " provider=" + context.getProvider().getName() + " known=" + List.of(known));
            }
        }
    }

    private static void checkSuiteForEach(final List<String> protocols, final List<String> suites) {
        for (final String protocol : protocols) {
            // Those of 1.3 name no key exchange.
            if (!suites.isEmpty()
                    && suites.stream().allMatch(suite -> suite.contains("_WITH_") == protocol.equals(TLS_13))) {
                throw new IllegalArgumentException(
                        "no cipher suite for one of the protocols: protocol=" + protocol + " cipherSuites=" + suites);
            }
        }
    }

    Memory memory() {
        return memory;
    }

    List<String> protocols() {
        return List.of(protocols);
    }

    List<String> cipherSuites() {
        return List.of(cipherSuites);
    }

    List<String> applicationProtocols() {
        return List.of(applicationProtocols);
    }

    String identification() {
        return verifyHostName ? HTTPS : "";
    }

    /** Bounds what JSSE keeps of a client's sessions: up to a handshake's own, and two tickets, for each slot. */
    void boundClientSessions(final int maxTickets, final long lifetimeS) {
        final SSLSessionContext sessions = context.getClientSessionContext();
        if (sessions != null) {
            sessions.setSessionCacheSize(Math.max(1, (int) Math.min(Integer.MAX_VALUE, 4L * maxTickets)));
            sessions.setSessionTimeout((int) lifetimeS);
        }
    }

    void serverSessionLifetime(final long lifetimeS) {
        final SSLSessionContext sessions = context.getServerSessionContext();
        if (sessions != null) {
            sessions.setSessionTimeout((int) lifetimeS);
        }
    }

    /** A port under which no session is filed: others than the JDK file one under any, so it must be new each time. */
    int portWithoutSession() {
        return context.getProvider().getName().equals(JDK) ? NO_PORT : ClientTickets.newSlot();
    }

    boolean slotsWork() {
        return SlotProbe.slotsWork(context.getProvider());
    }

    SSLEngine server() {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        serverTickets.enable(engine);
        final SSLParameters parameters = parameters(engine);
        switch (clientAuthentication) {
            case NONE -> parameters.setNeedClientAuth(false);
            case WANT -> parameters.setWantClientAuth(true);
            case NEED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    SSLEngine client(final String host, final int port) {
        final SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        final SSLParameters parameters = parameters(engine);
        if (verifyHostName) {
            parameters.setEndpointIdentificationAlgorithm(HTTPS);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLParameters parameters(final SSLEngine engine) {
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        if (cipherSuites.length > 0) {
            parameters.setCipherSuites(cipherSuites);
        }
        parameters.setApplicationProtocols(applicationProtocols);
        return parameters;
    }
}
