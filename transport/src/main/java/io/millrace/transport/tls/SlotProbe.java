package io.millrace.transport.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Finds out whether a provider files a client's sessions under the port that an engine is told: three handshakes in memory,
 * once for each provider and process. Any thread; those that ask at the same time may each do it.
 */
final class SlotProbe {
    private static final System.Logger LOGGER = System.getLogger(SlotProbe.class.getName());
    private static final String HOST = "probe.invalid";
    private static final int TURNS = 100;
    private static final int ROOM = 64 * 1024;
    private static final AtomicReference<Map<String, Boolean>> KNOWN = new AtomicReference<>(Map.of());

    private final SSLContext server;
    private final SSLContext client;

    private SlotProbe(final Provider provider) throws GeneralSecurityException, IOException {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        final KeyPair pair = generator.generateKeyPair();
        final X509Certificate certificate = ProbeCertificate.of(pair);
        final KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("probe", certificate);
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        final TlsIdentity identity = TlsIdentity.of(pair.getPrivate(), List.of(certificate));
        // The JDK's if it is there, for it sends tickets without being told to.
        final Provider jdk = Security.getProvider("SunJSSE");
        server = SSLContext.getInstance("TLS", jdk == null ? provider : jdk);
        server.init(new KeyManager[] {new IdentityChoice(Map.of(IdentityChoice.DEFAULT, identity))}, null, null);
        client = SSLContext.getInstance("TLS", provider);
        client.init(null, trust.getTrustManagers(), null);
    }

    /** Whether slots work with a provider; says so in the log if not. */
    static boolean slotsWork(final Provider provider) {
        final String name = provider.getName() + " " + provider.getVersionStr();
        final Boolean known = KNOWN.get().get(name);
        if (known != null) {
            return known;
        }
        String why = "a session was not resumed, or not by its own slot only";
        boolean works = false;
        try {
            works = new SlotProbe(provider).resumesBySlot();
        } catch (final GeneralSecurityException | IOException | RuntimeException ex) {
            why = ex.toString();
        }
        while (true) {
            final Map<String, Boolean> before = KNOWN.get();
            if (before.containsKey(name)) {
                return before.get(name);
            }
            final Map<String, Boolean> after = new HashMap<>(before);
            after.put(name, works);
            if (KNOWN.compareAndSet(before, Map.copyOf(after))) {
                if (!works) {
                    LOGGER.log(
                            System.Logger.Level.WARNING,
                            "the provider cannot keep sessions apart by slot, so its own cache says which are resumed:"
                                    + " provider=" + name + ": " + why);
                }
                return works;
            }
        }
    }

    private boolean resumesBySlot() throws IOException {
        final int first = ClientTickets.newSlot();
        final int second = ClientTickets.newSlot();
        return !isResumed(first) && !isResumed(second) && isResumed(first);
    }

    private boolean isResumed(final int slot) throws IOException {
        final SSLEngine clientEngine = client.createSSLEngine(HOST, slot);
        clientEngine.setUseClientMode(true);
        final SSLEngine serverEngine = server.createSSLEngine();
        serverEngine.setUseClientMode(false);
        final SSLParameters parameters = clientEngine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        clientEngine.setSSLParameters(parameters);
        final TlsEngineDriver asking = new TlsEngineDriver(clientEngine);
        final TlsEngineDriver answering = new TlsEngineDriver(serverEngine);
        asking.begin();
        answering.begin();
        final ByteBuffer toServer = ByteBuffer.allocate(ROOM);
        final ByteBuffer toClient = ByteBuffer.allocate(ROOM);
        // Once more than until both are done: tickets come after.
        int left = TURNS;
        while (left > 0) {
            move(asking, answering, toServer);
            move(answering, asking, toClient);
            final boolean done = asking.isHandshakeDone() && answering.isHandshakeDone();
            left = done ? Math.min(left, 2) - 1 : left - 1;
        }
        return asking.isHandshakeDone() && asking.info().resumed();
    }

    /** What the receiver leaves over, because it has something to say first, it gets once more. */
    private static void move(final TlsEngineDriver from, final TlsEngineDriver to, final ByteBuffer wire)
            throws IOException {
        from.wrap(wire);
        wire.flip();
        // Room is asked for even where a ticket leaves none of it used.
        to.unwrap(wire, ByteBuffer.allocate(to.applicationLength()));
        wire.compact();
    }
}
