package io.millrace.tests.tls;

import io.millrace.tests.tls.TestAuthority.Issued;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

/** Key store files. */
final class TlsFiles {
    private TlsFiles() {}

    static Path keyStore(
            final Path directory,
            final String name,
            final char[] password,
            final Issued issued,
            final String... aliases)
            throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (final String alias : aliases) {
            store.setKeyEntry(alias, issued.key(), password, new X509Certificate[] {issued.certificate()});
        }
        return write(store, directory.resolve(name), password);
    }

    static Path trustStore(
            final Path directory, final String name, final char[] password, final X509Certificate... anchors)
            throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < anchors.length; i++) {
            store.setCertificateEntry("anchor" + i, anchors[i]);
        }
        return write(store, directory.resolve(name), password);
    }

    private static Path write(final KeyStore store, final Path file, final char[] password) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        return file;
    }
}
