package io.millrace.transport.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom one side trusts: certificates of authorities (or of peers themselves), and perhaps pins on top. Files are read when it
 * is made and never again.
 *
 * <p>An immutable value; any thread. Making one reads files, and blocks for that.
 */
public final class TlsTrust {
    private static final TlsTrust SYSTEM = new TlsTrust(List.of(), Set.of(), "the JDK's trust store");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final List<X509Certificate> anchors;
    private final Set<String> pins;
    private final String source;

    private TlsTrust(final List<X509Certificate> anchors, final Set<String> pins, final String source) {
        this.anchors = List.copyOf(anchors);
        this.pins = pins;
        this.source = source;
    }

    /**
     * Trusts whom the JDK trusts.
     *
     * @return the trust.
     */
    public static TlsTrust system() {
        return SYSTEM;
    }

    /**
     * Trusts all certificates of a PEM file.
     *
     * @param file with one certificate or more.
     * @return the trust.
     * @throws java.io.UncheckedIOException if the file can't be read; names it.
     * @throws IllegalArgumentException     if it holds no certificate; names it.
     */
    public static TlsTrust ofPem(final Path file) {
        return new TlsTrust(new PemFile(file, "trusted certificates").certificates(), Set.of(), "file=" + file);
    }

    /**
     * Trusts all certificate entries of a key store file, of whatever type the JDK recognizes.
     *
     * @param file     of the store.
     * @param password of the store.
     * @return the trust.
     * @throws java.io.UncheckedIOException if the file can't be read; names it.
     * @throws IllegalArgumentException     if the password is wrong or there is no certificate entry; names the file.
     */
    public static TlsTrust ofKeyStore(final Path file, final char[] password) {
        final KeyStore store = KeyStores.open(file, password, "trust store");
        final List<X509Certificate> anchors = new ArrayList<>();
        try {
            for (final String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate anchor) {
                    anchors.add(anchor);
                }
            }
        } catch (final KeyStoreException ex) {
            throw new IllegalArgumentException("cannot read the trust store: file=" + file, ex);
        }
        return of(anchors, "file=" + file);
    }

    /**
     * Trusts certificates.
     *
     * @param anchors at least one.
     * @return the trust.
     * @throws IllegalArgumentException if there is none.
     */
    public static TlsTrust of(final List<X509Certificate> anchors) {
        return of(anchors, "given certificates");
    }

    private static TlsTrust of(final List<X509Certificate> anchors, final String source) {
        if (anchors.isEmpty()) {
            throw new IllegalArgumentException("no trusted certificate: " + source);
        }
        return new TlsTrust(anchors, Set.of(), source);
    }

    /**
     * Narrows this trust: a peer's own certificate must also be one of those pinned. It is only that one which counts,
     * not those of its issuers: a peer may send any of these along.
     *
     * @param sha256 hashes of certificates (of their DER encoding) in hexadecimal, with or without colons, as
     *               {@code openssl x509 -fingerprint -sha256} prints them; at least one.
     * @return the narrowed trust; this one does not change.
     * @throws IllegalArgumentException if there is none, or one is not the hexadecimal form of 32 bytes; names it.
     */
    public TlsTrust pinned(final String... sha256) {
        if (sha256.length == 0) {
            throw new IllegalArgumentException("no pin");
        }
        final Set<String> added = new TreeSet<>();
        for (final String pin : sha256) {
            final String hex = pin.replace(":", "").toLowerCase(Locale.ROOT);
            if (!SHA_256.matcher(hex).matches()) {
                throw new IllegalArgumentException("a pin is 64 hexadecimal digits: pin=" + pin);
            }
            added.add(hex);
        }
        return new TlsTrust(anchors, Collections.unmodifiableSet(added), source);
    }

    /** The hashes that a peer's own certificate must be among; empty for no such bound. */
    Set<String> pins() {
        return pins;
    }

    X509ExtendedTrustManager trustManager() throws GeneralSecurityException {
        final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store());
        for (final TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new KeyStoreException("no X509ExtendedTrustManager from " + factory.getProvider());
    }

    private KeyStore store() throws GeneralSecurityException {
        if (anchors.isEmpty()) {
            return null;
        }
        try {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("anchor " + i, anchors.get(i));
            }
            return store;
        } catch (final IOException ex) {
            throw new KeyStoreException("cannot make a key store in memory", ex);
        }
    }

    @Override
    public String toString() {
        return source;
    }
}
