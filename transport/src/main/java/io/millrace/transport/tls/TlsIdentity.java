package io.millrace.transport.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who one side is: a private key and the chain of certificates for it, its own certificate first. Read and checked when
 * it is made: the key belongs to the first certificate, each certificate is issued by the next, and the first is valid at
 * that time. Files are read then and never again.
 *
 * <p>An immutable value; any thread. Making one reads files, and blocks for that.
 */
public final class TlsIdentity {
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final String source;

    private TlsIdentity(final PrivateKey key, final List<X509Certificate> chain, final String source) {
        this.key = key;
        this.chain = List.copyOf(chain);
        this.source = source;
        check();
    }

    /**
     * Reads PEM files (RFC 7468). They may be the same file.
     *
     * @param chain file with the certificates, the key's own first.
     * @param key   file with the private key as unencrypted PKCS#8: EC, RSA or EdDSA.
     * @return the identity.
     * @throws java.io.UncheckedIOException if a file can't be read; names it.
     * @throws IllegalArgumentException     if a file holds no such thing, the key is encrypted or in another format, or
     *                                      key and certificates don't go together; names the file.
     */
    public static TlsIdentity ofPem(final Path chain, final Path key) {
        final List<X509Certificate> certificates = new PemFile(chain, "certificate chain").certificates();
        return new TlsIdentity(
                new PemFile(key, "private key").privateKey(), certificates, "file=" + chain + " key file=" + key);
    }

    /**
     * Reads the only key of a key store file, of whatever type the JDK recognizes: PKCS#12 or JKS.
     *
     * @param file     of the store.
     * @param password of the store and of the key; not kept, the caller may wipe it afterwards.
     * @return the identity.
     * @throws java.io.UncheckedIOException if the file can't be read; names it.
     * @throws IllegalArgumentException     if the password is wrong, there is no key or more than one, or key and
     *                                      certificates don't go together; names the file.
     */
    public static TlsIdentity ofKeyStore(final Path file, final char[] password) {
        return ofKeyStore(KeyStores.open(file, password, "key store"), password, null, "file=" + file);
    }

    /**
     * Reads one key of a key store file.
     *
     * @param file     of the store.
     * @param password of the store and of the key.
     * @param alias    of the key.
     * @return the identity.
     * @throws java.io.UncheckedIOException if the file can't be read; names it.
     * @throws IllegalArgumentException     as {@link #ofKeyStore(Path, char[])}, or if there is no such key.
     */
    public static TlsIdentity ofKeyStore(final Path file, final char[] password, final String alias) {
        return ofKeyStore(KeyStores.open(file, password, "key store"), password, alias, "file=" + file);
    }

    /**
     * Takes one key of a key store that is open; it may be one whose keys never leave it.
     *
     * @param store    that is loaded.
     * @param password of the key.
     * @param alias    of the key.
     * @return the identity.
     * @throws IllegalArgumentException if there is no such key, the password is wrong, or key and certificates don't go
     *                                  together; names the alias.
     */
    public static TlsIdentity ofKeyStore(final KeyStore store, final char[] password, final String alias) {
        return ofKeyStore(store, password, alias, "key store of type " + store.getType());
    }

    private static TlsIdentity ofKeyStore(
            final KeyStore store, final char[] password, final String wanted, final String source) {
        try {
            final String alias = wanted == null ? onlyKey(store, source) : wanted;
            final Certificate[] chain = store.getCertificateChain(alias);
            if (!(store.getKey(alias, password) instanceof PrivateKey key) || chain == null) {
                throw new IllegalArgumentException("no private key with a certificate: alias=" + alias + " " + source
                        + " aliases=" + Collections.list(store.aliases()));
            }
            return new TlsIdentity(
                    key, Stream.of(chain).map(X509Certificate.class::cast).toList(), source + " alias=" + alias);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalArgumentException("cannot get the private key, is its password another? " + source, ex);
        }
    }

    private static String onlyKey(final KeyStore store, final String source) throws KeyStoreException {
        final List<String> keys = new ArrayList<>();
        for (final String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new IllegalArgumentException(
                    (keys.isEmpty() ? "no key in the key store: " : "more than one key, say which: aliases=" + keys)
                            + " " + source);
        }
        return keys.get(0);
    }

    /**
     * Takes a key and its certificates.
     *
     * @param key   private.
     * @param chain the key's own certificate first.
     * @return the identity.
     * @throws IllegalArgumentException if they don't go together.
     */
    public static TlsIdentity of(final PrivateKey key, final List<X509Certificate> chain) {
        return new TlsIdentity(key, chain, "given key");
    }

    private void check() {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate: " + source);
        }
        final Instant now = Instant.now();
        final X509Certificate own = certificate();
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new IllegalArgumentException("the certificate expired: notAfter="
                    + own.getNotAfter().toInstant() + " subject=" + own.getSubjectX500Principal() + " " + source);
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new IllegalArgumentException("the certificate is not valid yet: notBefore="
                    + own.getNotBefore().toInstant() + " subject=" + own.getSubjectX500Principal() + " " + source);
        }
        if (!isPair(key, own.getPublicKey())) {
            throw new IllegalArgumentException("the private key does not belong to the first certificate: key="
                    + key.getAlgorithm() + " subject=" + own.getSubjectX500Principal() + " " + source);
        }
        for (int i = 1; i < chain.size(); i++) {
            final X509Certificate issued = chain.get(i - 1);
            if (!issued.getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException(
                        "the chain is out of order: certificate " + i + " is not the issuer of "
                                + (i - 1) + ": subject=" + chain.get(i).getSubjectX500Principal() + " issuer="
                                + issued.getIssuerX500Principal() + " " + source);
            }
        }
    }

    private static boolean isPair(final PrivateKey key, final PublicKey other) {
        if (key instanceof RSAKey mine && other instanceof RSAKey theirs) {
            return mine.getModulus().equals(theirs.getModulus());
        }
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        final String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            final byte[] text = {1, 2, 3};
            final Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            final byte[] signed = signer.sign();
            final Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(other);
            verifier.update(text);
            return verifier.verify(signed);
        } catch (final GeneralSecurityException ex) {
            return false;
        }
    }

    /**
     * The key's own certificate.
     *
     * @return the first of the chain.
     */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate[] chain() {
        return chain.toArray(X509Certificate[]::new);
    }

    boolean hasKeyOf(final String keyType) {
        return certificate().getPublicKey().getAlgorithm().equals(keyType);
    }

    /** Whether a peer that named whom it trusts can check it; without names, it may. */
    boolean isIssuedByAny(final Principal[] issuers) {
        return issuers == null
                || issuers.length == 0
                || chain.stream().anyMatch(link -> List.of(issuers).contains(link.getIssuerX500Principal()));
    }

    @Override
    public String toString() {
        return certificate().getSubjectX500Principal() + " " + source;
    }
}
