package io.millrace.transport.tls;

import io.millrace.ring.Memory;
import io.millrace.session.SessionCacheContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;

/**
 * Keys, trust and settings of TLS, for clients and servers alike. Set it up on one thread; {@link #conclude()} checks and
 * freezes it, after which it is immutable and any thread may use it for any number of connections. Setters check their
 * value at once. To change keys or trust while connections live, make a new context and swap it into a
 * {@link TlsContextReference}.
 *
 * <p>Without any setting it connects: it trusts whom the JDK trusts, checks the host's name, and speaks TLS 1.3 and 1.2. To
 * listen it needs an {@link #identity(TlsIdentity)}.
 */
public final class TlsContext {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final int LONGEST_PROTOCOL_NAME = 255;
    private static final long LONGEST_SESSION_S = 604_800;

    private final Map<String, TlsIdentity> identities = new TreeMap<>();
    private TlsTrust trust;
    private SSLContext sslContext;
    private Provider provider;
    private Memory memory;
    private Path keyLogFile;
    private boolean requireOcspStaple;
    private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
    private List<String> applicationProtocols = List.of();
    private List<String> protocols = PROTOCOLS;
    private List<String> cipherSuites = List.of();
    private boolean verifyHostName = true;
    private boolean resumption = true;
    private SessionCacheContext sessionCacheContext = new SessionCacheContext();
    private long sessionLifetimeS = 7_200;
    private ClientTickets tickets;
    private EngineFactory engines;

    /** Makes a context with the defaults. */
    public TlsContext() {}

    /**
     * The context without any setting: made when it is first asked for, then shared. Any thread; the first call reads the
     * JDK's trust store.
     *
     * @return the context, concluded.
     */
    public static TlsContext withoutSettings() {
        return WithoutSettings.CONTEXT;
    }

    /**
     * Checks the values against one another, makes what engines are made with, and freezes it all. Idempotent; a transport
     * does it to each context it is given.
     *
     * @return this.
     * @throws IllegalArgumentException if values don't go together, or the provider does not know one; names them.
     */
    public TlsContext conclude() {
        if (engines == null) {
            final SSLContext made = sslContext == null ? EngineFactory.sslContext(this) : given();
            refuseKeyLog(made);
            final EngineFactory factory = new EngineFactory(this, made);
            if (sslContext == null) {
                factory.serverSessionLifetime(sessionLifetimeS);
            }
            factory.boundClientSessions(resumption ? sessionCacheContext.maxTickets() : 0, sessionLifetimeS);
            if (resumption) {
                tickets = new ClientTickets(sessionCacheContext, sessionLifetimeS, factory);
            }
            engines = factory;
        }
        return this;
    }

    private void refuseKeyLog(final SSLContext made) {
        if (keyLogFile != null) {
            throw new IllegalArgumentException(
                    "the security provider gives its secrets to nobody, so they cannot be logged: keyLogFile="
                            + keyLogFile + " provider=" + made.getProvider().getName() + " "
                            + made.getProvider().getVersionStr());
        }
    }

    private SSLContext given() {
        if (!identities.isEmpty() || trust != null || provider != null || requireOcspStaple) {
            throw new IllegalArgumentException("an SSLContext brings its own keys, trust and provider: sslContext="
                    + sslContext.getProvider().getName() + " identities=" + identities.values() + " trust=" + trust
                    + " provider=" + provider + " requireOcspStaple=" + requireOcspStaple);
        }
        return sslContext;
    }

    /**
     * Sets who this side is: as a server for clients that ask for no name, or for one that has no identity of its own; as
     * a client if the server asks for a certificate.
     *
     * @param who key and certificates.
     * @return this.
     */
    public TlsContext identity(final TlsIdentity who) {
        checkOpen();
        identities.put(IdentityChoice.DEFAULT, Objects.requireNonNull(who, "identity"));
        return this;
    }

    /**
     * Sets who this server is for clients that ask for a name (SNI, RFC 6066, section 3).
     *
     * @param serverName host name; {@code *.example.com} for all names with one label before it that have none of their
     *                   own.
     * @param who        key and certificates.
     * @return this.
     * @throws IllegalArgumentException if the name is no host name; names it.
     */
    public TlsContext identity(final String serverName, final TlsIdentity who) {
        checkOpen();
        identities.put(normalized(serverName), Objects.requireNonNull(who, "identity"));
        return this;
    }

    private static String normalized(final String serverName) {
        final boolean wildcard = serverName.startsWith("*.");
        try {
            final String name = new SNIHostName(wildcard ? serverName.substring(2) : serverName).getAsciiName();
            return (wildcard ? "*." : "") + name.toLowerCase(Locale.ROOT);
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException("no host name: serverName=" + serverName + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Sets whom this side trusts, {@link TlsTrust#system()} unless set.
     *
     * @param whom authorities, and perhaps pins.
     * @return this.
     */
    public TlsContext trust(final TlsTrust whom) {
        checkOpen();
        trust = Objects.requireNonNull(whom, "trust");
        return this;
    }

    /**
     * Takes keys, trust and provider from an existing context, instead of setting them here.
     *
     * @param context that is initialized. The bounds of its client session cache are set here.
     * @return this.
     */
    public TlsContext sslContext(final SSLContext context) {
        checkOpen();
        sslContext = Objects.requireNonNull(context, "sslContext");
        return this;
    }

    /**
     * Sets which security provider makes the engines, the JDK's first one unless set.
     *
     * @param name of an installed provider.
     * @return this.
     * @throws IllegalArgumentException if there is none of that name; says which there are.
     */
    public TlsContext provider(final String name) {
        final Provider installed = Security.getProvider(name);
        if (installed == null) {
            throw new IllegalArgumentException("no such security provider: provider=" + name + " installed="
                    + Stream.of(Security.getProviders()).map(Provider::getName).toList());
        }
        return provider(installed);
    }

    /**
     * Sets which security provider makes the engines, the JDK's first one unless set.
     *
     * @param which installed or not, as {@code Conscrypt.newProvider()}.
     * @return this.
     */
    public TlsContext provider(final Provider which) {
        checkOpen();
        provider = Objects.requireNonNull(which, "provider");
        return this;
    }

    /**
     * Sets the memory that engines work on, unless set {@link Memory#DIRECT} for Conscrypt's and {@link Memory#HEAP} for all
     * others: to be set to direct for an {@link #sslContext} of engines in native code.
     *
     * @param where the engines are faster.
     * @return this.
     */
    public TlsContext memory(final Memory where) {
        checkOpen();
        memory = Objects.requireNonNull(where, "memory");
        return this;
    }

    /**
     * Asks for a log of each connection's secrets, in NSS's format, to decrypt a recording with. It has to come from the
     * provider, and there is none yet that gives secrets out by an interface of {@code javax.net.ssl}: not the JDK's from 17
     * to 25 (the exporters of 25 give other keys, RFC 8446, section 7.5), not Conscrypt 2.9. So {@link #conclude()} refuses
     * it: let the peer write the log, as OpenSSL's {@code -keylogfile} does.
     *
     * @param file to write to.
     * @return this.
     */
    public TlsContext keyLogFile(final Path file) {
        checkOpen();
        keyLogFile = Objects.requireNonNull(file, "keyLogFile");
        return this;
    }

    /**
     * Sets whether a client refuses a server that did not staple a good OCSP response to its certificate; false unless set.
     * Nothing is ever fetched. A server of this JVM staples if the JDK is told so, by the system property
     * {@code jdk.tls.server.enableStatusRequestExtension}: it knows no other way.
     *
     * @param required true to refuse.
     * @return this.
     */
    public TlsContext requireOcspStaple(final boolean required) {
        checkOpen();
        requireOcspStaple = required;
        return this;
    }

    /**
     * Sets whether a server asks clients for a certificate, {@link ClientAuthentication#NONE} unless set.
     *
     * @param whether and how.
     * @return this.
     */
    public TlsContext clientAuthentication(final ClientAuthentication whether) {
        checkOpen();
        clientAuthentication = Objects.requireNonNull(whether, "clientAuthentication");
        return this;
    }

    /**
     * Sets the application protocols to agree on (ALPN, RFC 7301), the preferred first; none unless set. A handshake
     * between sides that both have some, but none in common, fails.
     *
     * @param names from 1 to 255 bytes of ASCII each, no two the same.
     * @return this.
     * @throws IllegalArgumentException if a name is not of that form; names it.
     */
    public TlsContext applicationProtocols(final String... names) {
        checkOpen();
        for (final String name : names) {
            if (name.isEmpty()
                    || name.length() > LONGEST_PROTOCOL_NAME
                    || !StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
                throw new IllegalArgumentException(
                        "an application protocol is 1 to 255 bytes of ASCII: applicationProtocol=" + name);
            }
        }
        applicationProtocols = distinct("applicationProtocols", names);
        return this;
    }

    /**
     * Sets the versions of TLS, both 1.3 and 1.2 unless set.
     *
     * @param names {@code TLSv1.3}, {@code TLSv1.2} or both.
     * @return this.
     * @throws IllegalArgumentException if one is neither, or there is none; names it.
     */
    public TlsContext protocols(final String... names) {
        checkOpen();
        for (final String name : names) {
            if (!PROTOCOLS.contains(name)) {
                throw new IllegalArgumentException(
                        "no version of TLS that is spoken here: protocol=" + name + " spoken=" + PROTOCOLS);
            }
        }
        if (names.length == 0) {
            throw new IllegalArgumentException("no version of TLS: protocols=[]");
        }
        protocols = distinct("protocols", names);
        return this;
    }

    /**
     * Sets the cipher suites, the preferred first; the provider's own choice unless set. {@link #conclude()} checks that
     * the provider knows them, and that there is one for each version of TLS.
     *
     * @param names standard names.
     * @return this.
     */
    public TlsContext cipherSuites(final String... names) {
        checkOpen();
        cipherSuites = distinct("cipherSuites", names);
        return this;
    }

    private static List<String> distinct(final String what, final String... names) {
        final List<String> all = List.of(names);
        if (new HashSet<>(all).size() != all.size()) {
            throw new IllegalArgumentException("one name twice: " + what + "=" + all);
        }
        return all;
    }

    /**
     * Sets whether a client checks that the server's certificate is for the host it connects to (RFC 2818, section 3.1);
     * true unless set.
     *
     * @param verify false only where pins or a private authority say who the server is.
     * @return this.
     */
    public TlsContext verifyHostName(final boolean verify) {
        checkOpen();
        verifyHostName = verify;
        return this;
    }

    /**
     * Sets whether a client offers to resume earlier sessions of this context; true unless set. Each session is offered by
     * one connection only (RFC 8446, C.4), and any number of connections resume at once. Contexts share nothing: give
     * activities that must not be linked a context each.
     *
     * @param resumes false for a full handshake each time.
     * @return this.
     */
    public TlsContext resumption(final boolean resumes) {
        checkOpen();
        resumption = resumes;
        return this;
    }

    /**
     * Sets the bounds and the clock of the client's sessions.
     *
     * @param context to use; not to be changed any more. Its discard listener is told of slots that mean nothing outside.
     * @return this.
     */
    public TlsContext sessionCacheContext(final SessionCacheContext context) {
        checkOpen();
        sessionCacheContext = Objects.requireNonNull(context, "sessionCacheContext");
        return this;
    }

    /**
     * Sets how long a session may be resumed, 7,200 seconds unless set: what a server tells its clients, and the bound on
     * what a client keeps, whatever its server says. How many tickets a server sends to each connection is up to the
     * provider: the JDK's sends one, from 24 on as many as the system property {@code jdk.tls.server.newSessionTicketCount}
     * says, which is read once in a process, from 0 to 10. One is enough for a client that resumes by slots.
     *
     * @param seconds from 1 to 604,800 (RFC 8446, section 4.6.1).
     * @return this.
     * @throws IllegalArgumentException if out of range.
     */
    public TlsContext sessionLifetimeS(final long seconds) {
        checkOpen();
        if (seconds < 1 || seconds > LONGEST_SESSION_S) {
            throw new IllegalArgumentException(
                    "sessionLifetimeS must be from 1 to " + LONGEST_SESSION_S + ": sessionLifetimeS=" + seconds);
        }
        sessionLifetimeS = seconds;
        return this;
    }

    /**
     * What became of this context's offers to resume, as a client. Any thread; visits every bucket of the cache.
     *
     * @return the counters; empty if it never resumes, or before it is concluded.
     */
    public Optional<ResumptionStats> resumptionStats() {
        return Optional.ofNullable(tickets).map(ClientTickets::stats);
    }

    /** Forgets all sessions to resume. */
    void dropSessions() {
        if (tickets != null) {
            tickets.drop();
        }
    }

    /**
     * Whether this context can serve: it has an identity, or an SSLContext which may have one.
     *
     * @return false if it can connect only.
     */
    public boolean canServe() {
        return sslContext != null || !identities.isEmpty();
    }

    /**
     * A client's side of one connection. Any thread, once concluded. The first one of a process tries out whether the
     * provider can keep sessions apart, in memory; if not, the provider's own cache is used, and the log says so once.
     *
     * @param host to connect to, without brackets.
     * @param port to connect to.
     * @return the side, which has not begun.
     */
    public TlsSide client(final String host, final int port) {
        Objects.requireNonNull(host, "host");
        if (!resumption) {
            return TlsSide.clientWithoutResumption(engines, host, port);
        }
        return engines.slotsWork() ? TlsSide.client(engines, tickets, host, port) : TlsSide.client(engines, host, port);
    }

    /**
     * A server's side of one connection. Any thread, once concluded.
     *
     * @return the side, which has not begun.
     */
    public TlsSide server() {
        return TlsSide.server(engines);
    }

    Map<String, TlsIdentity> identities() {
        return identities;
    }

    TlsTrust trust() {
        return trust == null ? TlsTrust.system() : trust;
    }

    Optional<Provider> provider() {
        return Optional.ofNullable(provider);
    }

    Optional<Memory> memory() {
        return Optional.ofNullable(memory);
    }

    boolean requiresOcspStaple() {
        return requireOcspStaple;
    }

    ClientAuthentication clientAuthentication() {
        return clientAuthentication;
    }

    List<String> applicationProtocols() {
        return applicationProtocols;
    }

    List<String> protocols() {
        return protocols;
    }

    List<String> cipherSuites() {
        return cipherSuites;
    }

    boolean verifiesHostName() {
        return verifyHostName;
    }

    /** For logs: who it is and whom it trusts, and nothing that is secret. */
    @Override
    public String toString() {
        return "TlsContext identities=" + identities + " trust=" + (sslContext == null ? trust() : "an SSLContext's")
                + " protocols=" + protocols + " applicationProtocols=" + applicationProtocols + " clientAuthentication="
                + clientAuthentication;
    }

    private void checkOpen() {
        if (engines != null) {
            throw new IllegalStateException("the context is concluded: make a new one");
        }
    }

    /** Made when it is first asked for. */
    private static final class WithoutSettings {
        static final TlsContext CONTEXT = new TlsContext().conclude();
    }
}
