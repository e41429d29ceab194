package io.millrace.transport.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Chooses the identity for a handshake: a server's by the name that the client asks for (RFC 6066, section 3), then by one
 * wildcard label, then the default. An alias is the name that the identity was set for. Immutable.
 */
final class IdentityChoice extends X509ExtendedKeyManager {
    /** Alias of the identity for whoever asks for no name, or for an unknown one. */
    static final String DEFAULT = "";

    private final Map<String, TlsIdentity> identities;

    IdentityChoice(final Map<String, TlsIdentity> identities) {
        this.identities = Map.copyOf(identities);
    }

    @Override
    public String chooseEngineServerAlias(final String keyType, final Principal[] issuers, final SSLEngine engine) {
        final String alias = aliasOf(requestedName(engine.getHandshakeSession()).toLowerCase(Locale.ROOT));
        return alias != null && identities.get(alias).hasKeyOf(keyType) ? alias : null;
    }

    /** The name that the client asked for; {@link #DEFAULT} for none, and for bytes that are no name. */
    static String requestedName(final SSLSession session) {
        try {
            if (session instanceof ExtendedSSLSession extended) {
                for (final SNIServerName name : extended.getRequestedServerNames()) {
                    if (name instanceof SNIHostName host) {
                        return host.getAsciiName();
                    }
                }
            }
        } catch (final IllegalArgumentException ignored) {
            // Conscrypt looks at the client's bytes no sooner than here.
        }
        return DEFAULT;
    }

    private String aliasOf(final String serverName) {
        if (identities.containsKey(serverName)) {
            return serverName;
        }
        final String wildcard = "*" + serverName.substring(Math.max(0, serverName.indexOf('.')));
        if (identities.containsKey(wildcard)) {
            return wildcard;
        }
        return identities.containsKey(DEFAULT) ? DEFAULT : null;
    }

    @Override
    public String chooseEngineClientAlias(final String[] keyTypes, final Principal[] issuers, final SSLEngine engine) {
        final TlsIdentity identity = identities.get(DEFAULT);
        if (identity != null && identity.isIssuedByAny(issuers)) {
            for (final String keyType : keyTypes) {
                if (identity.hasKeyOf(keyType)) {
                    return DEFAULT;
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(final String alias) {
        final TlsIdentity identity = identities.get(alias);
        return identity == null ? null : identity.chain();
    }

    @Override
    public PrivateKey getPrivateKey(final String alias) {
        final TlsIdentity identity = identities.get(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String[] getClientAliases(final String keyType, final Principal[] issuers) {
        return identities.containsKey(DEFAULT) ? new String[] {DEFAULT} : null;
    }

    @Override
    public String[] getServerAliases(final String keyType, final Principal[] issuers) {
        return identities.entrySet().stream()
                .filter(entry -> entry.getValue().hasKeyOf(keyType))
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
    }

    /** For sockets, which Millrace has none of. */
    @Override
    public String chooseClientAlias(final String[] keyTypes, final Principal[] issuers, final Socket socket) {
        throw new UnsupportedOperationException("engines only");
    }

    /** For sockets, which Millrace has none of. */
    @Override
    public String chooseServerAlias(final String keyType, final Principal[] issuers, final Socket socket) {
        throw new UnsupportedOperationException("engines only");
    }
}
